"""Whole trainings: the same data, architecture, solver, batch and epochs."""
import json
import os
import pathlib
import statistics

from ..bench import OURS, PEERS, SCRATCH, TITLES
from ..data import small_table
from ..processes import take_turns as take_process_turns
from ..server import processors
from ..tables import comparisons, number, table, times_as_fast
from ..turns import Contestant, middle, ratio, take_turns

TITLE = "A whole training"
LAYERS, BATCH, EPOCHS, RATE = [784, 256, 128, 10], 128, 10, 0.01
SMALL = {"layers": "64,64", "batch": 32, "epochs": 100, "rate": 0.005}


def images():
    folder = pathlib.Path(os.environ.get("FASHION_MNIST", "/usr/share/datasets/fashion-mnist"))
    return folder if (folder / "train-images-idx3-ubyte.gz").exists() else None


def fashion(bench):
    folder, threads = images(), min(2, len(processors()))
    if folder is None:
        return None
    spec = {"kind": "fit", "layers": LAYERS, "batch": BATCH, "epochs": EPOCHS, "rate": RATE, "threads": threads,
            "images": str(folder)}
    peers = bench.available(["torch", "torch-loader", "keras", "skorch"])
    contestants = [Contestant(name, bench.server(name, threads), spec) for name in [OURS, *peers]]
    return take_turns(
        bench, contestants, {"title": "Fashion-MNIST", "threads": threads}, rounds=min(3, bench.rounds), calibrates=False,
        facts=True)


def small(bench):
    path, model = small_table(), SCRATCH / "small.safetensors"
    settings = ["--layers", SMALL["layers"], "--epochs", str(SMALL["epochs"])]
    commands = {OURS: [
        bench.command, "train", path, "--target", "class", "--recipe", "plain", *settings, "--batch-size", SMALL["batch"],
        "--learning-rate", SMALL["rate"], "--momentum", "0.9", "--holdout", "0.2", "--seed", "1", "--threads", "1",
        "--model", model, "--json"]}
    if bench.has("sklearn") and bench.has("pandas"):
        commands["sklearn"] = [
            bench.python, PEERS / "fit_table.py", path, *settings, "--batch", SMALL["batch"], "--rate", SMALL["rate"]]
    found, missing = take_process_turns(
        commands, 1, min(5, bench.rounds), lambda printed, seconds, peak: (seconds, json.loads(printed)["accuracy"], peak))
    line = {
        "case": {"title": "1,000 × 20 table", "threads": 1},
        "times": {label: [run[0] for run in runs] for label, runs in found.items()},
        "facts": {label: {"accuracy": runs[0][1], "peak": statistics.median(run[2] for run in runs)}
                  for label, runs in found.items() if runs},
        "missing": missing}
    bench.say("  small table " + " ".join(f"{label} {middle(line, label)}" for label in commands))
    return line


def measure(bench):
    return {"lines": [line for line in (fashion(bench), small(bench)) if line]}


def rows(line):
    for label, facts in line["facts"].items():
        value = ratio(line, label)
        yield [TITLES[label], number(middle(line, label)), "" if label == OURS else times_as_fast(value),
               f"{facts['accuracy']:.4f}", f"{facts['peak'] / 1e6:,.0f}" if facts["peak"] else "–"]


def render(result):
    heading = ["", "s", "Downhill is faster by", "test accuracy", "peak, MB"]
    text = []
    for line in result["lines"]:
        if line["case"]["title"] == "Fashion-MNIST":
            text += [f"Fashion-MNIST, 784-256-128-10, SGD with momentum 0.9 at the rate {RATE}, batches of {BATCH}, "
                     f"{EPOCHS} epochs, {line['case']['threads']} threads, the images in memory as float32: seconds of "
                     "the training alone, compiling included where there is any. *PyTorch* is the plain loop over tensors, "
                     "*DataLoader* that of its tutorials; Keras has the JAX backend.", ""]
        else:
            text += ["", f"A table of 1,000 rows and 20 columns, {SMALL['layers'].replace(',', '-')} hidden, SGD with "
                     f"momentum 0.9, batches of {SMALL['batch']}, {SMALL['epochs']} epochs, one thread: the whole process, "
                     "from its start to its end, with reading, scaling, training and judging on a fifth of the rows. "
                     "`downhill train` beside a script with pandas and MLPClassifier (`peers/fit_table.py`).", ""]
        text += table(heading, rows(line))
    if not any(line["case"]["title"] == "Fashion-MNIST" for line in result["lines"]):
        text = ["Fashion-MNIST was not there (Debian: dataset-fashion-mnist)."] + text
    return text


def compared(result):
    return comparisons(result["lines"])
