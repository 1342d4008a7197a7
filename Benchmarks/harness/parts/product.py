"""The matrix product beside OpenBLAS's and BLIS's, each set of instructions in a process of its own."""
import json
import subprocess

from ..server import environment, pinned
from ..tables import number, table, times_as_fast

TITLE = "The matrix product"
# What is asked for: ours, OpenBLAS's, BLIS's. Debian's BLIS 0.9 takes numbers, later ones names.
SETTINGS = {
    "AVX-512": ({"DOWNHILL_INSTRUCTION_SET": "avx512", "OPENBLAS_CORETYPE": "SkylakeX"}, "avx512", ("skx", "0")),
    "AVX2": ({"DOWNHILL_INSTRUCTION_SET": "avx2", "OPENBLAS_CORETYPE": "Haswell"}, "avx2", ("zen3", "6")),
}


def run(bench, variables, arguments):
    result = subprocess.run(
        pinned([bench.ours, "product", "--json", *arguments], 1), env=environment(1, **variables), capture_output=True,
        text=True)
    if result.returncode != 0:
        raise RuntimeError(result.stderr.strip())
    return json.loads(result.stdout)


def blis_setting(bench, variables, names):
    """The value of BLIS_ARCH_TYPE by which the BLIS that is installed takes the kernels of the first name."""
    for value in names:
        try:
            report = run(bench, variables | {"BLIS_ARCH_TYPE": value}, ["--shapes", "4,4,4", "--turns", "1"])
        except RuntimeError:
            continue
        if report["kernels"].get("BLIS") == names[0]:
            return {"BLIS_ARCH_TYPE": value}
    return {}


def measure(bench):
    runs = []
    for title, (variables, _, names) in SETTINGS.items():
        bench.say(f"  {title}")
        variables = variables | blis_setting(bench, variables, names)
        runs.append({"title": title, "asked": variables, **run(bench, variables, ["--turns", str(2 * bench.rounds + 1)])})
    return {"runs": runs}


def honoured(run):
    return run["instructionSet"] == SETTINGS[run["title"]][1]


def render(result):
    text = ["GFLOP/s of one product on one thread, operands in the cache as a loop of products finds them. m × n × k; A B is "
            "the forward pass, Aᵀ B the gradient of weights, A Bᵀ that of inputs. Beside each speed: how many times as "
            "fast ours is."]
    for run in result["runs"]:
        text += ["", f"### {run['title']}", ""]
        if not honoured(run):
            text.append(f"Not measured: this machine, or this version, runs Downhill with {run['instructionSet']}.")
            continue
        names = [peer["name"] for peer in run["results"][0]["peers"]]
        chosen = ", ".join(f"{name} ran its kernels “{run['kernels'][name]}”" for name in names)
        if chosen:
            text += [chosen + ".", ""]
        rows = [[f"{r['m']} × {r['n']} × {r['k']}, {r['product']}", number(r["downhill"])]
                + [f"{number(peer['speed'])} · {times_as_fast(peer['ratio'])}" for peer in r["peers"]]
                for r in run["results"]]
        text += table(["GFLOP/s", "Downhill", *names], rows)
    return text


def compared(result):
    for run in filter(honoured, result["runs"]):
        for r in run["results"]:
            for peer in r["peers"]:
                yield f"{r['m']} × {r['n']} × {r['k']}, {r['product']}, {run['title']}", peer["name"], peer["ratio"]
