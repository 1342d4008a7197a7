"""Folders of data sets: tables, their kinds of columns, and which rows judge.

A data set is a folder with `data.csv` (a header; a missing value is an empty cell), `meta.json` (`target`, `task`,
`categorical_columns`) and `test_rows.txt` (0-based numbers of the test rows, the header not counted).
"""
import csv
import json
import random
import sys

GIVEN = "given"


def folders(directory, names=None):
    """The data sets in a directory, all or those of the names with commas between them, the smallest file first."""
    found = {path.parent.name: path.parent for path in directory.glob("*/meta.json")}
    wanted = names.split(",") if names else found
    unknown = set(wanted) - set(found)
    if unknown:
        sys.exit(f"no such sets in {directory}: {', '.join(sorted(unknown))}")
    return sorted((found[name] for name in wanted), key=lambda folder: (folder / "data.csv").stat().st_size)


def meta(folder):
    return json.loads((folder / "meta.json").read_text())


def read(folder):
    """Header and rows, as the file's own text."""
    with open(folder / "data.csv", newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


def given_rows(folder):
    """The rows of `test_rows.txt`."""
    return {int(line) for line in (folder / "test_rows.txt").read_text().split()}


def drawn_rows(classes, seed, share=0.2):
    """A share of the rows, drawn by a seed: of each class its share, rounded so that the sum is right.

    `classes` is one value a row, the same for all where the target is a number. The draw depends on Python's generator
    alone, so that it stays the same whatever else is installed.
    """
    groups = {}
    for row, name in enumerate(classes):
        groups.setdefault(name, []).append(row)
    counts = {name: int(len(rows) * share) for name, rows in groups.items()}
    remainders = sorted(groups, key=lambda name: (counts[name] - len(groups[name]) * share, str(name)))
    for name in remainders[:round(len(classes) * share) - sum(counts.values())]:
        counts[name] += 1
    generator, drawn = random.Random(seed), set()
    for name in sorted(groups, key=str):
        drawn.update(generator.sample(groups[name], counts[name]))
    return drawn


def test_rows(folder, split):
    """The rows that judge: `given`, or drawn by the number of the split."""
    if split == GIVEN:
        return given_rows(folder)
    facts = meta(folder)
    header, rows = read(folder)
    target = header.index(facts["target"])
    regression = facts["task"] == "regression"
    return drawn_rows([None if regression else row[target] for row in rows], f"{folder.name} {split}")


def write_split(folder, destination, judging):
    """Writes train.csv and test.csv, and returns how many rows each has."""
    header, rows = read(folder)
    for name, wanted in (("train.csv", False), ("test.csv", True)):
        with open(destination / name, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(row for index, row in enumerate(rows) if (index in judging) == wanted)
    return len(rows) - len(judging), len(judging)
