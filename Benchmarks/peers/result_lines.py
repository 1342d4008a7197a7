#!/usr/bin/env python3
"""Results as JSON lines, plain or packed.

    result_lines.py FILE.jsonl > PACKED.jsonl

Plain lines are appended one by one, so that a run that is cut off spoils none. A packed line stands for several:
`shared` has what is the same in all of them, `columns` a list for each thing that isn't. That is a third as long, to
be kept.
"""
import json
import pathlib
import sys


def unpack(line):
    """The lines that a line stands for: itself, unless it is packed."""
    if "columns" not in line:
        return [line]
    return [{**line["shared"], **dict(zip(line["columns"], values))} for values in zip(*line["columns"].values())]


def read(path):
    """All lines, in their order."""
    if not path.exists():
        return []
    return [line for text in path.read_text().splitlines() for line in unpack(json.loads(text))]


def append(path, line):
    """Writes one line in one go, floats to six digits."""
    line = {key: float(f"{value:.6g}") if isinstance(value, float) else value for key, value in line.items()}
    with open(path, "a") as file:
        file.write(json.dumps(line) + "\n")


def pack(lines):
    """Those of one set and label as one."""
    groups = {}
    for line in lines:
        groups.setdefault((line["set"], line["label"]), []).append(line)
    for group in groups.values():
        keys = dict.fromkeys(key for line in group for key in line)
        values = {key: [line.get(key) for line in group] for key in keys}
        # The number of the split is always a column, so that there is one to count.
        same = {key for key, column in values.items() if key != "split" and all(value == column[0] for value in column)}
        yield {"shared": {key: column[0] for key, column in values.items() if key in same},
               "columns": {key: column for key, column in values.items() if key not in same}}


if __name__ == "__main__":
    for line in pack(read(pathlib.Path(sys.argv[1]))):
        print(json.dumps(line, separators=(",", ":")))
