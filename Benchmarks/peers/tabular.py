#!/usr/bin/env python3
"""The default recipe on real tables, beside scikit-learn's MLP with its defaults.

    tabular.py DIRECTORY [--baselines FILE.csv] [--sets iris,adult] [--seed 1]

DIRECTORY is as datasets.py says. For each set, `downhill train` gets the rows that are not in `test_rows.txt`, is tested
on these, and is held against `dataset,model,acc,rmse,fit_s` of the baselines: accuracy for classes, RMSE for numbers;
being equal counts as being at least as good.
"""
import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import datasets

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Baselines are given to six digits.
EQUAL = 5e-6


def train(command, folder, meta, arguments):
    """What `--json` printed, with the seconds of the whole command; None and the reason where it failed."""
    line = [command, "train", folder / "train.csv", "--target", meta["target"], "--recipe", "default",
            "--test", folder / "test.csv", "--seed", str(arguments.seed), "--model", folder / "model.safetensors",
            "--json", "--quiet", "--no-record"]
    if arguments.threads:
        line += ["--threads", str(arguments.threads)]
    if arguments.give_task:
        line += ["--task", "regression" if meta["task"] == "regression" else "classification"]
    start = time.perf_counter()
    try:
        result = subprocess.run(line, capture_output=True, text=True, timeout=arguments.timeout)
    except subprocess.TimeoutExpired:
        return None, f"not done after {arguments.timeout} s"
    if result.returncode != 0:
        return None, f"exit code {result.returncode}: {result.stderr.strip()}"
    report = json.loads(result.stdout)
    if report.get("metricsOn") != "test":
        return None, f"metrics are of {report.get('metricsOn')}, not of the test rows"
    return {**report, "wallSeconds": time.perf_counter() - start}, None


def read_baselines(path, model):
    with open(path, newline="", encoding="utf-8") as file:
        return {row["dataset"]: row for row in csv.DictReader(file) if row["model"] == model}


def cell(value, digits=4):
    return "–" if value is None else f"{value:.{digits}f}" if abs(value) < 10 else f"{value:.6g}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--baselines", type=pathlib.Path, help="default: baselines.csv in the directory")
    parser.add_argument("--model", default="sk_mlp", help="which of the baselines' models to compare with")
    parser.add_argument("--sets", help="only these, with commas between them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--timeout", type=float, default=1200, help="seconds for one data set")
    parser.add_argument("--give-task", action="store_true", help="pass meta.json's task instead of letting it be inferred")
    parser.add_argument("--command", type=pathlib.Path, default=ROOT / ".build" / "release" / "downhill")
    parser.add_argument("--json", type=pathlib.Path, help="write everything that was printed to this file too")
    arguments = parser.parse_args()
    if not arguments.command.exists():
        sys.exit(f"{arguments.command} is not there; build it: swift build -c release")

    baselines = read_baselines(arguments.baselines or arguments.directory / "baselines.csv", arguments.model)

    print(f"| set | training rows | metric | Downhill | {arguments.model} | at least as good | epochs | seconds | their fit |")
    print("|---|---:|---|---:|---:|---|---:|---:|---:|")
    wins, losses, failures, records = 0, 0, [], []
    for folder in datasets.folders(arguments.directory, arguments.sets):
        meta = datasets.meta(folder)
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            rows, _ = datasets.write_split(folder, scratch, datasets.given_rows(folder))
            report, failure = train(arguments.command, scratch, meta, arguments)
        metric, column, sign = ("rmse", "rmse", -1) if meta["task"] == "regression" else ("accuracy", "acc", 1)
        ours = (report or {}).get(metric)
        if report and ours is None:
            failure = f"trained as {report.get('task')}; {meta['task']} was expected"
        baseline = baselines.get(folder.name)
        theirs = float(baseline[column]) if baseline and baseline[column] else None
        good = None
        if theirs is not None:
            good = ours is not None and sign * (ours - theirs) >= -EQUAL * abs(theirs)
            wins, losses = wins + good, losses + (not good)
        if failure:
            failures.append(f"{folder.name}: {failure}")
        records.append({"set": folder.name, "report": report, "failure": failure, "baseline": theirs, "good": good})
        seconds = (report or {}).get("wallSeconds")
        fit = float(baseline["fit_s"]) if baseline and baseline["fit_s"] else None
        print(f"| {folder.name} | {rows} | {metric} | {cell(ours)} | {cell(theirs)} | "
              f"{'–' if good is None else 'yes' if good else 'no'} | {(report or {}).get('epochs', '–')} | "
              f"{cell(seconds, 1)} | {cell(fit, 1)} |", flush=True)
    print(f"\nAt least as good on {wins} of {wins + losses} sets.")
    for failure in failures:
        print(f"failed: {failure}", file=sys.stderr)
    if arguments.json:
        arguments.json.write_text(json.dumps(records, indent=1) + "\n")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
