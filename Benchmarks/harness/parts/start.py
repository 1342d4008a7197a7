"""What the command costs before it does anything: time to start, size, memory."""
import json
import shutil
import statistics
import subprocess

from ..bench import OURS, ROOT, SCRATCH
from ..data import csv
from ..processes import run, take_turns
from ..tables import number, table
from . import fit

TITLE = "Start, size and memory"
# The one hidden layer of the training on a table.
HIDDEN = 64


def sizes(bench):
    """Bytes of the release binary, stripped, and of the one that `make release` ships."""
    found = {"as built": bench.command.stat().st_size}
    if shutil.which("strip"):
        found["stripped"] = stripped(bench.command)
    bench.say("  make release")
    if subprocess.run([ROOT / "Scripts" / "release"], capture_output=True).returncode == 0:
        found["`make release`: Swift's libraries inside, stripped"] = (ROOT / "dist" / "downhill").stat().st_size
    return found


def stripped(program):
    copy = SCRATCH / "stripped"
    subprocess.run(["strip", "-o", copy, program], check=True)
    return copy.stat().st_size


def memory(bench):
    """The most that a training of images takes, and of a table; against the data as floats and three vectors of
    parameters: θ, ∇θ, momentum."""
    found, folder = {}, fit.images()
    if folder is not None:
        trained, peak = train(
            bench, folder / "train-images-idx3-ubyte.gz", "--labels", folder / "train-labels-idx1-ubyte.gz", "--layers",
            "256,128")
        found["images"] = {"peak": peak, "data": 4 * 60_000 * 784, "parameters": 12 * trained["parameters"]}
    path = csv("numeric")
    trained, peak = train(bench, path, "--target", "c19", "--layers", str(HIDDEN))
    # inputs · hidden + hidden weights, and as many biases and one.
    inputs = (trained["parameters"] - 2 * HIDDEN - 1) // HIDDEN
    found["table"] = {"peak": peak, "data": 4 * trained["rows"] * inputs, "parameters": 12 * trained["parameters"],
                      "file": path.stat().st_size, "rows": trained["rows"], "inputs": inputs}
    return found


def train(bench, *arguments):
    """What `downhill train` says of one epoch, and its peak."""
    printed, _, peak = run(
        [bench.command, "train", *arguments, "--recipe", "plain", "--epochs", "1", "--threads", "1", "--model",
         SCRATCH / "memory.safetensors", "--json"], 1)
    return json.loads(printed), peak


def measure(bench):
    commands = {OURS: [bench.command, "--help"]}
    commands |= {name: [bench.python, "-c", f"import {name}"] for name in ("sklearn", "jax", "torch") if bench.has(name)}
    found, missing = take_turns(commands, 1, min(5, bench.rounds), lambda _, seconds, peak: (seconds, peak))
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
    for name, memory in result["memory"].items():
        data = "Fashion-MNIST (784-256-128-10)" if name == "images" else (
            f"a CSV file of {memory['file'] / 1e6:,.0f} MB ({memory['inputs']}-{HIDDEN}-1)")
        values = "images" if name == "images" else f"{memory['rows']:,} × {memory['inputs']} inputs"
        text += ["", f"A training of `downhill train` on {data} had at most {memory['peak'] / 1e6:,.0f} MB. Its {values} as "
                 f"float32 are {memory['data'] / 1e6:,.0f} MB, three vectors of parameters "
                 f"{number(memory['parameters'] / 1e6)} MB."]
    return text


def compared(result):
    return []


def peers(result):
    return set(result["starts"])
