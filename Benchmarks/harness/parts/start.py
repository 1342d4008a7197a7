"""What the command costs before it does anything: time to start, size, memory."""
import json
import shutil
import statistics
import subprocess

from ..bench import OURS, ROOT, SCRATCH
from ..processes import run, take_turns
from ..tables import number, table
from . import fit

TITLE = "Start, size and memory"


def sizes(bench):
    """Bytes of the release binary, stripped, and with the Swift libraries inside."""
    found = {"as built": bench.command.stat().st_size}
    if shutil.which("strip"):
        found["stripped"] = stripped(bench.command)
        static = static_build(bench)
        if static:
            found["static Swift libraries, stripped"] = stripped(static)
    return found


def stripped(program):
    copy = SCRATCH / "stripped"
    subprocess.run(["strip", "-o", copy, program], check=True)
    return copy.stat().st_size


def static_build(bench):
    # A folder of its own, which the next build finds again.
    folder = ROOT / ".build-static"
    bench.say("  building with static Swift libraries")
    result = subprocess.run(
        ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "downhill", "--scratch-path", folder],
        cwd=ROOT, capture_output=True)
    return folder / "release" / "downhill" if result.returncode == 0 else None


def memory(bench):
    """The most that a training takes, against the data as floats and three vectors of parameters: θ, ∇θ, momentum."""
    folder = fit.images()
    if folder is None:
        return None
    printed, _, peak = run(
        [bench.command, "train", folder / "train-images-idx3-ubyte.gz", "--labels", folder / "train-labels-idx1-ubyte.gz",
         "--recipe", "plain", "--layers", "256,128", "--epochs", "1", "--threads", "1", "--model",
         SCRATCH / "memory.safetensors", "--json"], 1)
    return {"peak": peak, "data": 4 * 60_000 * 784, "parameters": 3 * 4 * json.loads(printed)["parameters"]}


def measure(bench):
    commands = {OURS: [bench.command, "--help"]}
    commands |= {name: [bench.python, "-c", f"import {name}"] for name in ("sklearn", "jax", "torch") if bench.has(name)}
    found, missing = take_turns(commands, 1, 5, lambda _, seconds, peak: (seconds, peak))
    return {"starts": {label: {"seconds": [run[0] for run in runs], "peak": statistics.median(run[1] for run in runs)}
                       for label, runs in found.items() if runs},
            "missing": missing, "sizes": sizes(bench), "memory": memory(bench)}


def render(result):
    text = ["From the start of a process to its end, and the most memory that it had:", ""]
    names = {OURS: "`downhill --help`"}
    text += table(["", "ms", "peak, MB"], [
        [names.get(label, f"`python -c \"import {label}\"`"), number(statistics.median(start["seconds"]) * 1e3),
         number(start["peak"] / 1e6)] for label, start in result["starts"].items()])
    text += ["", "The command `downhill`, built for release:", ""] + table(
        ["", "MB"], [[name, number(size / 1e6)] for name, size in result["sizes"].items()])
    memory = result["memory"]
    if memory:
        text += ["", f"A training of `downhill train` on Fashion-MNIST (784-256-128-10) had at most "
                 f"{memory['peak'] / 1e6:,.0f} MB. Its images as float32 are {memory['data'] / 1e6:,.0f} MB, three "
                 f"vectors of parameters {memory['parameters'] / 1e6:.1f} MB."]
    return text


def compared(result):
    return []
