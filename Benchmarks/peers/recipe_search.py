#!/usr/bin/env python3
"""Recipes against each other and against scikit-learn's MLP, on random splits of training rows.

    recipe_search.py DIRECTORY -- "" "--no-refit" "--batch-size {min(256, max(32, n // 16))}"

Each candidate is a set of flags for `downhill train`; the empty one is the recipe as it is. `{…}` is a Python
expression of `n`, the number of rows handed to `train`. DIRECTORY is as for tabular.py. The rows of `test_rows.txt`
are left out altogether, so that what is chosen here can be judged on them once. Of the other rows, at most --rows are
drawn; a fifth of these judges. scikit-learn's MLPClassifier or MLPRegressor, with its defaults, is fitted on the same
rows: numbers and a regression's target standardised, categories one-hot.

Printed for each candidate: the mean relative gain (of logarithms) in error (1 − accuracy, RMSE) and in log loss, on how many splits
and sets it is at least as good, and the seconds it took. Differences of one or two per cent are noise.

What the default recipe was chosen by, one core. On three splits that no choice was made on, of at most 2,000 rows
(`--rows 2500 --first 30 --splits 3`):

    | gain, error | gain, log loss | splits won | seconds | candidate                          |
    |      +7.0 % |        +14.0 % | 43/57      |      12 | as it is                           |
    |      +2.2 % |         +8.8 % | 42/57      |       8 | --no-refit                         |
    |      +3.2 % |         +9.4 % | 41/57      |      12 | --scaling standard                 |
    |      +6.5 % |        +15.4 % | 45/57      |      32 | --layers 256,256 --batch-size 256  |

Ten splits of the seven sets with up to 1,300 rows, with 256,256 and batches of 256 where nothing else is said
(`--first 10 --splits 10`): -7.0 % and 42/70 won; 128,128: -2.6 %, 47/70; 64,64: -10.3 %, 38/70; 128: -14.5 %, 35/70;
128,128 with batches of 64: -1.9 %, 53/70, and 30 % for validation: +1.0 %, 50/70; ReLU: -12.9 %, 38/70. Eleven larger
sets, two splits (`--first 20`): 256,256 +16.7 %, 19/22; 128,128 +15.8 %, 21/22; batches of 64 +12.8 %, 18/22. All sets,
three splits (`--first 5`), 256,256 and batches of 256: 100 epochs +3.1 %, 50 -3.2 %, 200 +2.5 %; three layers +0.3 %;
rate 0.001 -1.7 %; best by metric +3.3 %.
"""
import argparse
import csv
import json
import math
import pathlib
import random
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

import datasets

ROOT = pathlib.Path(__file__).resolve().parents[2]


def draw(folder, split, limit):
    """Header, training rows and judging rows, as text."""
    header, rows = datasets.read(folder)
    test = datasets.given_rows(folder)
    rows = [row for index, row in enumerate(rows) if index not in test]
    random.Random(f"{folder.name} {split}").shuffle(rows)
    rows = rows[:limit]
    return header, rows[len(rows) // 5:], rows[:len(rows) // 5]


def baseline(header, training, judging, meta, seed):
    """What scikit-learn's MLP with its defaults comes to."""
    import numpy
    import pandas
    import warnings
    from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
    from sklearn.impute import SimpleImputer
    from sklearn.metrics import log_loss
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    warnings.filterwarnings("ignore")
    frames = [pandas.DataFrame(rows, columns=header) for rows in (training, judging)]
    features, answers = zip(*[(frame.drop(columns=meta["target"]), frame[meta["target"]]) for frame in frames])
    texts = meta["categorical_columns"]
    numbers = [name for name in features[0] if name not in texts]
    for frame in features:
        frame[numbers] = frame[numbers].apply(pandas.to_numeric, errors="coerce")
    prepare = ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(keep_empty_features=True), StandardScaler()), numbers),
        ("texts", OneHotEncoder(handle_unknown="ignore"), texts)], sparse_threshold=0)
    start = time.process_time()
    if meta["task"] == "regression":
        values = [answer.astype(float).to_numpy() for answer in answers]
        model = make_pipeline(prepare, TransformedTargetRegressor(MLPRegressor(random_state=seed), transformer=StandardScaler()))
        model.fit(features[0], values[0])
        error = math.sqrt(numpy.mean((model.predict(features[1]) - values[1]) ** 2))
        return {"error": error, "seconds": time.process_time() - start}
    model = make_pipeline(prepare, MLPClassifier(random_state=seed)).fit(features[0], answers[0])
    seconds = time.process_time() - start
    return {"error": 1 - model.score(features[1], answers[1]), "seconds": seconds,
            "logLoss": log_loss(answers[1], model.predict_proba(features[1]), labels=model.classes_)}


def downhill(command, flags, folder, meta, rows, seed):
    flags = re.sub(r"\{(.*?)\}", lambda match: str(eval(match[1], {"n": rows, "math": math})), flags)
    line = [command, "train", folder / "train.csv", "--target", meta["target"], "--test", folder / "test.csv",
            "--seed", str(seed), "--threads", "1", "--model", folder / "model.safetensors", "--json", "--quiet",
            "--no-record", "--task", "regression" if meta["task"] == "regression" else "classification"]
    result = subprocess.run([*line, *shlex.split(flags)], capture_output=True, text=True, timeout=900)
    if result.returncode != 0:
        sys.exit(f"{meta['name']} {flags}: {result.stderr.strip()}")
    report = json.loads(result.stdout)
    error = report["rmse"] if meta["task"] == "regression" else 1 - report["accuracy"]
    return {"error": error, "seconds": report["seconds"], "logLoss": report.get("logLoss"), "epoch": report["bestEpoch"]}


def gain(ours, theirs, least):
    """log(theirs / ours), so that twice and half the error cancel out; `least` is added to both, and keeps a single row of
    a small set from weighing too much."""
    return math.log((theirs + least) / (ours + least))


def percent(gains):
    """The relative gain that a mean of logarithms stands for."""
    return f"{100 * (1 - math.exp(-statistics.mean(gains))):+.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("candidates", nargs="+")
    parser.add_argument("--sets", help="only these, with commas between them")
    parser.add_argument("--splits", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="number of the first split")
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--command", type=pathlib.Path, default=ROOT / ".build" / "release" / "downhill")
    parser.add_argument("--cache", type=pathlib.Path, help="a JSON file in which all results are kept")
    parser.add_argument("--each", action="store_true", help="print each set's figures too")
    arguments = parser.parse_args()
    cache = json.loads(arguments.cache.read_text()) if arguments.cache and arguments.cache.exists() else {}
    folders = datasets.folders(arguments.directory, arguments.sets)
    stamp = int(arguments.command.stat().st_mtime)

    results = {candidate: [] for candidate in arguments.candidates}
    for folder in folders:
        meta = datasets.meta(folder)
        for split in range(arguments.first, arguments.first + arguments.splits):
            header, training, judging = draw(folder, split, arguments.rows)
            with tempfile.TemporaryDirectory() as scratch:
                scratch = pathlib.Path(scratch)
                for name, rows in (("train.csv", training), ("test.csv", judging)):
                    with open(scratch / name, "w", newline="", encoding="utf-8") as file:
                        csv.writer(file, lineterminator="\n").writerows([header, *rows])

                def cached(key, work):
                    key = f"{folder.name} {split} {arguments.rows} {key}"
                    if key not in cache:
                        cache[key] = work()
                        if arguments.cache:
                            arguments.cache.write_text(json.dumps(cache))
                    return cache[key]

                theirs = cached("baseline", lambda: baseline(header, training, judging, meta, split))
                for flags in arguments.candidates:
                    ours = cached(f"{stamp} {flags}", lambda: downhill(
                        arguments.command, flags, scratch, meta, len(training), split))
                    least = 0 if meta["task"] == "regression" else 1 / len(judging)
                    results[flags].append({
                        "set": folder.name, "error": gain(ours["error"], theirs["error"], least),
                        "logLoss": gain(ours["logLoss"], theirs["logLoss"], 0.01) if "logLoss" in theirs else None,
                        "ours": ours, "theirs": theirs})
    report(results, arguments.each)


def report(results, each):
    print("| gain, error | median | gain, log loss | splits won | sets won | seconds | theirs | candidate |")
    print("|---:|---:|---:|---:|---:|---:|---:|---|")
    for flags, rows in results.items():
        sets = {name: [row for row in rows if row["set"] == name] for name in dict.fromkeys(row["set"] for row in rows)}
        gains = {name: statistics.mean(row["error"] for row in own) for name, own in sets.items()}
        losses = [row["logLoss"] for row in rows if row["logLoss"] is not None]
        won = sum(row["error"] > -1e-9 for row in rows)
        print(f"| {percent(gains.values())} % | {percent([statistics.median(gains.values())])} % | "
              f"{percent(losses or [0])} % | {won}/{len(rows)} | "
              f"{sum(value > -1e-9 for value in gains.values())}/{len(gains)} | "
              f"{sum(row['ours']['seconds'] for row in rows):.0f} | {sum(row['theirs']['seconds'] for row in rows):.0f} | "
              f"`{flags}` |", flush=True)
    if each:
        for name in dict.fromkeys(row["set"] for rows in results.values() for row in rows):
            print(f"{name:14}", *(f"{percent([row['error'] for row in rows if row['set'] == name]):>7}"
                                  f" (e{statistics.mean(row['ours']['epoch'] for row in rows if row['set'] == name):.0f})"
                                  for rows in results.values()))


if __name__ == "__main__":
    main()
