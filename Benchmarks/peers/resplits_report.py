#!/usr/bin/env python3
"""What the results of resplits.py come to, as Markdown: ratios, ranks, marks, calibration and seconds, beside the bars.

    resplits_report.py FILE.jsonl… [--label NAME] [--fast NAME] [--baselines FILE.csv]

All figures are means over the splits that every learner with results for a set has. Ratios are geometric means over the
sets of ours ÷ theirs. Half an error is added to both classification errors, 0.001 to both log losses, so that a set
on which somebody makes no error, or none but a trifle, doesn't outweigh all others. With --baselines the figures of other
learners on larger sets come from there where the results have none: the same rows, other runs.
"""
import argparse
import collections
import csv
import math
import pathlib
import statistics

import datasets
import result_lines
import resplits

NAMES = {"linear": "linear", "mlp": "scikit-learn MLP", "histgb": "HistGB", "lightgbm": "LightGBM", "xgboost": "XGBoost",
         "catboost": "CatBoost", "realmlp": "RealMLP-TD"}
IN_BASELINES = {"linear": "linear", "sk_mlp": "mlp", "hgb": "histgb", "lgbm": "lightgbm", "xgb": "xgboost",
                "catboost": "catboost", "realmlp_td": "realmlp"}
BOOSTED = ["histgb", "lightgbm", "xgboost", "catboost"]
# Ratios to be reached in classification error, log loss and RMSE; and the share of sets to be at least as good on.
BARS = {"catboost": (1.0, 1.0, 1.02), "realmlp": (0.95, 0.80, 0.95), "mlp": (0.85, 0.75, 0.85)}
SHARES = {"realmlp": 0.65, "catboost": 0.50}
METRICS = {"error": "error", "logLoss": "log loss", "relativeRMSE": "RMSE / σ"}
# Accuracies, and RMSE over the standard deviation, of single sets.
MARKS = {"concrete": 0.25, "ames": 0.31, "diamonds": 0.132, "satellite": 0.925, "letter": 0.97, "digits": 0.985,
         "adult": 0.875}
TABLES = {"error": "Classification error", "logLoss": "Log loss", "relativeRMSE": "RMSE / σ",
          "calibrationError": "Expected calibration error", "seconds": "Seconds that passed",
          "processorSeconds": "Seconds of the processor"}
LOG_LOSS_FLOOR = 0.001
CALIBRATION_BAR = 0.03


class Set:
    """Figures of a data set: means over the splits, by label and metric."""

    def __init__(self, name, lines):
        self.name, self.regression = name, lines[0]["task"] == "regression"
        self.rows, self.tested = lines[0]["rows"], lines[0]["tested"]
        by_label = collections.defaultdict(dict)
        for line in lines:
            by_label[line["label"]][line["key"]] = line
        common = set.intersection(*(set(found) for found in by_label.values()))
        self.splits = len(common)
        self.figures = {
            label: self.means([found[key] for key in common]) for label, found in by_label.items() if common}
        self.borrowed = {line["label"] for line in lines if line.get("borrowed")}

    @staticmethod
    def means(lines):
        metrics = ["error", "logLoss", "relativeRMSE", "calibrationError", "auc", "r2", "seconds", "processorSeconds"]
        found = {metric: [line[metric] for line in lines if line.get(metric) is not None] for metric in metrics}
        return {metric: statistics.mean(values) for metric, values in found.items() if len(values) == len(lines)}

    @property
    def metric(self):
        return "relativeRMSE" if self.regression else "error"

    def get(self, label, metric):
        return self.figures.get(label, {}).get(metric)

    def floor(self, metric):
        return {"error": 0.5 / self.tested, "logLoss": LOG_LOSS_FLOOR}.get(metric, 0)

    def ratio(self, ours, theirs, metric):
        """None where one of the two has no figure."""
        pair = self.get(ours, metric), self.get(theirs, metric)
        if None in pair:
            return None
        return (pair[0] + self.floor(metric)) / (pair[1] + self.floor(metric))

    def as_good(self, ours, theirs):
        """Within 0.2 points or 1 %; None where one of the two has no figure."""
        pair = self.get(ours, self.metric), self.get(theirs, self.metric)
        if None in pair:
            return None
        return pair[0] <= (pair[1] * 1.01 if self.regression else pair[1] + 0.002) + 1e-9

    def behind(self, ours, theirs):
        """How much more than two points or 5 % of RMSE ours is behind, in words; None where it isn't."""
        pair = self.get(ours, self.metric), self.get(theirs, self.metric)
        if None in pair or pair[0] <= (pair[1] * 1.05 if self.regression else pair[1] + 0.02):
            return None
        if self.regression:
            return f"{100 * (pair[0] / pair[1] - 1):.1f} % of RMSE"
        return f"{100 * (pair[0] - pair[1]):.1f} points"

    def ranks(self, labels):
        """Of each label, equal ones sharing the mean; None where not all have figures."""
        values = [self.get(label, self.metric) for label in labels]
        if None in values:
            return None
        better = [sum(other < value - 1e-9 for other in values) for value in values]
        equal = [sum(abs(other - value) <= 1e-9 for other in values) for value in values]
        return [above + (beside + 1) / 2 for above, beside in zip(better, equal)]


def borrowed_lines(path, directory_lines):
    """The lines of baselines.csv as lines of results on the given rows, of sets that are judged there."""
    given = {line["set"]: line for line in directory_lines if line["split"] == datasets.GIVEN}
    have = {(line["set"], line["label"]) for line in directory_lines}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            label, ours = IN_BASELINES.get(row["model"]), given.get(row["dataset"])
            if label is None or ours is None or (row["dataset"], label) in have:
                continue
            numbers = {key: float(row[column]) for key, column in [
                ("logLoss", "logloss"), ("auc", "auc"), ("relativeRMSE", "nrmse"), ("r2", "r2"), ("seconds", "fit_s")]
                if row[column]}
            if row["acc"]:
                numbers["error"] = 1 - float(row["acc"])
            yield {**{key: ours[key] for key in ("set", "task", "rows", "tested", "split", "key")}, **numbers,
                   "label": label, "borrowed": True}


def read_sets(arguments):
    """Sets that ours has figures of; small ones on the re-splits, others on the given rows."""
    lines = [line for path in arguments.results for line in result_lines.read(path)]
    wanted = {*NAMES, arguments.label, arguments.fast}
    lines = [line for line in lines if line["label"] in wanted
             and (line["split"] == datasets.GIVEN) == (line["rows"] >= resplits.FEW_ROWS)]
    if arguments.baselines:
        lines += borrowed_lines(arguments.baselines, lines)
    names = {line["set"]: line["rows"] for line in lines if line["label"] == arguments.label}
    return [Set(name, [line for line in lines if line["set"] == name]) for name in sorted(names, key=names.get)]


def geometric_mean(ratios):
    ratios = [ratio for ratio in ratios if ratio is not None]
    return (math.exp(statistics.mean(map(math.log, ratios))), len(ratios)) if ratios else (None, 0)


def cell(value, digits=3):
    return "–" if value is None else f"{value:.{digits}f}"


def verdict(good):
    return "yes" if good else "**no**"


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|---" + "|---:" * (len(header) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    print()


def ratios(sets, ours):
    print("## Geometric means of ours ÷ theirs\n")
    rows = []
    for rival, bars in BARS.items():
        for (metric, name), bar in zip(METRICS.items(), bars):
            mean, count = geometric_mean([each.ratio(ours, rival, metric) for each in sets])
            if mean is not None:
                rows.append([NAMES[rival], name, count, cell(mean), f"{bar:.2f}", verdict(mean <= bar)])
    table(["rival", "metric", "sets", "ratio", "bar", "reached"], rows)


def ranks(sets, ours):
    print("## Mean rank, by error or RMSE\n")
    labels = [ours, *NAMES]
    found = [ranks for ranks in (each.ranks(labels) for each in sets) if ranks]
    if not found:
        print("No set has figures of all.\n")
        return
    means = sorted(zip(map(statistics.mean, zip(*found)), labels))
    print(f"On the {len(found)} sets with figures of all {len(labels)}.\n")
    table(["learner", "mean rank"], [[NAMES.get(label, label), cell(mean, 2)] for mean, label in means])


def shares(sets, ours):
    print("## At least as good (within 0.2 points of accuracy or 1 % of RMSE)\n")
    rows = []
    for rival, bar in SHARES.items():
        found = {each.name: good for each in sets if (good := each.as_good(ours, rival)) is not None}
        if found:
            share = sum(found.values()) / len(found)
            worse = ", ".join(name for name, good in found.items() if not good) or "none"
            rows.append([NAMES[rival], f"{sum(found.values())} of {len(found)}", f"{share:.0%}", f"{bar:.0%}",
                         verdict(share >= bar), worse])
    table(["rival", "sets", "share", "bar", "reached", "worse on"], rows)


def marks(sets, ours):
    print("## Marks of single sets\n")
    rows = []
    for each in sets:
        if (mark := MARKS.get(each.name)) is not None and (value := each.get(ours, each.metric)) is not None:
            name, value, good = ("RMSE / σ ≤", value, value <= mark) if each.regression else (
                "accuracy ≥", 1 - value, 1 - value >= mark)
            rows.append([each.name, name, mark, cell(value, 4), verdict(good)])
    table(["set", "metric", "mark", "ours", "reached"], rows)


def calibration(sets, ours):
    print(f"## Expected calibration error, 15 bins, sets over {resplits.FEW_ROWS} rows\n")
    rows = [[each.name, cell(value, 4), CALIBRATION_BAR, verdict(value < CALIBRATION_BAR)] for each in sets
            if each.rows >= resplits.FEW_ROWS and (value := each.get(ours, "calibrationError")) is not None]
    table(["set", "error", "bar", "reached"], rows)


def seconds_of(each, label):
    """Of the processor, which other processes disturb least; those that passed where there are no others."""
    return each.get(label, "processorSeconds") or each.get(label, "seconds")


def seconds(sets, ours):
    print("## Seconds\n")
    compared = {each.name: seconds_of(each, ours) / seconds_of(each, "realmlp") for each in sets
                if each.get("realmlp", "seconds") and each.get(ours, "seconds")}
    if compared:
        median = statistics.median(compared.values())
        slowest = max(compared, key=compared.get)
        print(f"Ours takes {median:.2f} times as long as one RealMLP-TD on the median of {len(compared)} sets; "
              f"the most, {compared[slowest]:.2f}, on {slowest}. Seconds of the processor where they were measured.\n")


def fast(sets, ours, other):
    """What a second label of ours costs and saves, such as that of `--recipe fast`."""
    print(f"## {other} beside {ours}\n")
    rows = []
    for metric, name in METRICS.items():
        mean, count = geometric_mean([each.ratio(other, ours, metric) for each in sets])
        if mean is not None:
            rows.append([f"{name} ÷ that of {ours}", count, cell(mean)])
    for rival in (ours, "realmlp"):
        times = [seconds_of(each, other) / seconds_of(each, rival) for each in sets
                 if each.get(other, "seconds") and each.get(rival, "seconds")]
        if times:
            name = f"seconds ÷ those of {NAMES.get(rival, rival)}, median"
            rows.append([name, len(times), cell(statistics.median(times))])
    table(["", "sets", "ratio"], rows)


def behind(sets, ours):
    print("## More than 2 points or 5 % of RMSE behind the best gradient boosting\n")
    rows = []
    for each in sets:
        found = [label for label in BOOSTED if each.get(label, each.metric) is not None]
        best = min(found, key=lambda label: each.get(label, each.metric), default=None)
        if best and (how := each.behind(ours, best)):
            figures = [cell(each.get(label, each.metric), 4) for label in (best, ours)]
            rows.append([each.name, NAMES[best], *figures, how])
    if rows:
        table(["set", "best", "theirs", "ours", "behind by"], rows)
    else:
        print("None.\n")


def each_set(sets, labels, metric, title, digits):
    print(f"## {title}\n")
    rows = []
    for each in sets:
        values = [each.get(label, metric) for label in labels]
        if any(value is not None for value in values):
            least = min(value for value in values if value is not None)
            cells = []
            for label, value in zip(labels, values):
                text = cell(value, digits) + ("†" if label in each.borrowed and value is not None else "")
                cells.append(f"**{text}**" if value == least else text)
            rows.append([each.name, each.rows, each.splits, *cells])
    table(["set", "rows", "splits", *(NAMES.get(label, label) for label in labels)], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("results", type=pathlib.Path, nargs="+", help="files of resplits.py")
    parser.add_argument("--label", default=resplits.DOWNHILL, help="which version of Downhill is ours")
    parser.add_argument("--fast", help="another label, to be held against ours and RealMLP-TD")
    parser.add_argument("--baselines", type=pathlib.Path, help="figures of other learners on larger sets")
    arguments = parser.parse_args()
    sets, ours = read_sets(arguments), arguments.label
    if not sets:
        parser.error(f"there are no results with the label {ours} in {', '.join(map(str, arguments.results))}")
    if any(each.borrowed for each in sets):
        print("† and in what follows from it: taken from the baselines, run at another time; their seconds are those that "
              "passed.\n")
    ratios(sets, ours)
    ranks(sets, ours)
    shares(sets, ours)
    marks(sets, ours)
    calibration(sets, ours)
    seconds(sets, ours)
    if arguments.fast:
        fast(sets, ours, arguments.fast)
    behind(sets, ours)
    labels = [ours, *([arguments.fast] if arguments.fast else []), *NAMES]
    for metric, title in TABLES.items():
        each_set(sets, labels, metric, title, 1 if "Seconds" in title else 4)


if __name__ == "__main__":
    main()
