#!/usr/bin/env python3
"""Downhill and other learners for tables on the same rows, again and again; resplits_report.py sums up.

    resplits.py DIRECTORY --results FILE.jsonl --only linear,mlp,histgb,lightgbm,xgboost,catboost,realmlp
    resplits.py DIRECTORY --results FILE.jsonl --only downhill --label NAME [-- --recipe fast]

DIRECTORY is as datasets.py says. Sets of fewer than 2,000 rows are judged on ten re-splits (a fifth of the rows, of each
class its share; the numbers of the splits are their seeds), larger ones on the rows of `test_rows.txt`. Everybody fits
with untuned defaults on one thread; what stands after -- goes to `downhill train`.

A line of the results is one learner on one split of one set. What is there already is passed over, so a run that was
interrupted goes on; lines of another version of Downhill stand beside each other under other labels. Times of other
learners leave out what is imported; Downhill's is the whole `train` command, which reads the file, judges the test rows
and writes the model too.
"""
import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import functools
import hashlib
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy
import pandas

import datasets
import learners
import result_lines
import scores

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOWNHILL = "downhill"
FEW_ROWS = 2000


class Task:
    """One split of one set."""

    def __init__(self, folder, split):
        self.folder, self.split = folder, split
        self.meta = datasets.meta(folder)
        self.judging = datasets.test_rows(folder, split)
        self.key = hashlib.sha256(json.dumps(sorted(self.judging)).encode()).hexdigest()[:12]

    @property
    def regression(self):
        return self.meta["task"] == "regression"

    def frames(self):
        """Columns and target of the rows to learn from, and of those that judge; an empty cell is missing."""
        target, texts = self.meta["target"], list(self.meta["categorical_columns"])
        if not self.regression:
            texts.append(target)
        table = pandas.read_csv(self.folder / "data.csv", dtype=dict.fromkeys(texts, object), keep_default_na=False,
                                na_values=[""])
        judging = numpy.isin(numpy.arange(len(table)), list(self.judging))
        y = table.pop(target).to_numpy()
        return table[~judging], y[~judging], table[judging], y[judging]

    def judge(self, answers, truth, classes):
        return scores.of_numbers(answers, truth) if self.regression else scores.of_classes(answers, truth, classes)


def run_peer(name, task):
    x, y, judged, truth = task.frames()
    answers, seconds = learners.PEERS[name](task.meta["task"], task.meta["categorical_columns"], x, y, judged)
    return {**task.judge(answers, truth, numpy.unique(y)), **seconds, "versions": learners.versions(name)}


def quoted(names):
    """Names as one option, one that holds a comma or a quote in quotes."""
    return ",".join('"' + name.replace('"', '""') + '"' if set(name) & set(',"') else name for name in names)


def command(line, timeout=None):
    """Runs it, and returns what it printed and its seconds."""
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run([str(part) for part in line], capture_output=True, text=True, timeout=timeout)
    if result.returncode != 0:
        raise RuntimeError(f"exit code {result.returncode}: {result.stderr.strip()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result.stdout, {"seconds": time.perf_counter() - wall, "processorSeconds": processor}


@functools.cache
def program_version(program):
    """What it says of itself, and a fingerprint: builds of one version differ."""
    return {DOWNHILL: command([program, "--version"])[0].strip(),
            "fingerprint": hashlib.sha256(program.read_bytes()).hexdigest()[:12]}


def run_downhill(program, options, timeout, task):
    x, y, judged, truth = task.frames()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        datasets.write_split(task.folder, scratch, task.judging)
        model, predictions = scratch / "model.safetensors", scratch / "predictions.csv"
        categories = quoted(task.meta["categorical_columns"])
        report, seconds = command(
            [program, "train", scratch / "train.csv", "--target", task.meta["target"], "--test", scratch / "test.csv",
             "--task", "regression" if task.regression else "classification",
             *(["--categorical", categories] if categories else []),
             "--threads", 1, "--model", model, "--json", "--quiet", "--no-record", *options], timeout)
        command([program, "predict", model, scratch / "test.csv", "--threads", 1, "--output", predictions])
        table = pandas.read_csv(predictions, keep_default_na=False)
    classes = numpy.unique(y)
    answers = table["prediction"] if task.regression else table[[f"probability_{name}" for name in classes]]
    facts = {name: value for name, value in json.loads(report).items() if name in ("epochs", "parameters", "ending")}
    return {**task.judge(answers.to_numpy(), truth, classes), **seconds, "report": facts, "options": options,
            "versions": program_version(program)}


def tasks(folder, splits):
    """The splits that a set is judged on."""
    few = datasets.meta(folder)["rows"] < FEW_ROWS
    return [Task(folder, split) for split in (range(splits) if few else [datasets.GIVEN])]


def check_label(lines, arguments):
    """A label stands for one build with one set of options, or its lines say nothing."""
    for line in lines:
        if line["label"] == arguments.label and line["learner"] == DOWNHILL and (
                line["versions"] != program_version(arguments.command) or line["options"] != arguments.options):
            sys.exit(f"{arguments.results} has lines labelled {arguments.label} of another build or with other options "
                     f"({line['versions']}, {line['options']}); choose another --label")


def main():
    arguments = parse()
    lines = result_lines.read(arguments.results)
    if DOWNHILL in arguments.only.split(","):
        check_label(lines, arguments)
    done = {(line["set"], line["key"], line["label"]) for line in lines}
    failures = 0
    for name in arguments.only.split(","):
        label = arguments.label if name == DOWNHILL else name
        for folder in datasets.folders(arguments.directory, arguments.sets):
            for task in [Task(folder, datasets.GIVEN)] if arguments.given else tasks(folder, arguments.splits):
                if (folder.name, task.key, label) in done:
                    continue
                try:
                    if name == DOWNHILL:
                        found = run_downhill(arguments.command, arguments.options, arguments.timeout, task)
                    else:
                        found = run_peer(name, task)
                except Exception as error:
                    print(f"{folder.name} {task.split} {label}: {error}", file=sys.stderr)
                    failures += 1
                    continue
                write(arguments.results, task, name, label, found)
    sys.exit(1 if failures else 0)


def write(path, task, name, label, found):
    """One line, and the load of the machine with it: on a busy one seconds say little."""
    line = {"set": task.folder.name, "task": task.meta["task"], "rows": task.meta["rows"], "tested": len(task.judging),
            "split": task.split, "key": task.key, "learner": name, "label": label, **found, "load": os.getloadavg()[0]}
    result_lines.append(path, line)
    error = line.get("error", line.get("relativeRMSE"))
    print(f"{task.folder.name:14} {task.split:>5} {label:12} {error:.4f} {line['processorSeconds']:8.1f} s", flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--results", type=pathlib.Path, required=True, help="a file of JSON lines, added to")
    parser.add_argument("--only", default=",".join([*learners.PEERS, DOWNHILL]), help="learners, with commas between them")
    parser.add_argument("--label", default=DOWNHILL, help="what this version of Downhill, with these options, is called")
    parser.add_argument("--sets", help="only these, with commas between them")
    parser.add_argument("--splits", type=int, default=10, help="re-splits of a small set")
    parser.add_argument("--given", action="store_true", help="judge small sets on the rows of test_rows.txt instead")
    parser.add_argument("--command", type=pathlib.Path, default=ROOT / ".build" / "release" / "downhill")
    parser.add_argument("--timeout", type=float, default=3600, help="seconds for one training of Downhill")
    parser.add_argument("options", nargs="*", help="options of `downhill train`, after --")
    arguments = parser.parse_args()
    unknown = set(arguments.only.split(",")) - {*learners.PEERS, DOWNHILL}
    if unknown:
        parser.error(f"no such learners: {', '.join(sorted(unknown))}; there are {', '.join([*learners.PEERS, DOWNHILL])}")
    if arguments.label in learners.PEERS:
        parser.error(f"{arguments.label} is the name of another learner; choose another --label")
    if DOWNHILL in arguments.only.split(",") and not arguments.command.exists():
        parser.error(f"{arguments.command} is not there; build it: swift build -c release")
    return arguments


if __name__ == "__main__":
    main()
