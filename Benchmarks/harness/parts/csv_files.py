"""From the path of a CSV file to typed columns."""
import json
import statistics

from ..bench import OURS, PEERS
from ..data import KINDS, csv
from ..processes import take_turns
from ..server import processors
from ..tables import comparisons, number, table, times_as_fast
from ..turns import middle, ratio

TITLE = "Reading a table"
READERS = {"pandas": "pandas", "polars": "Polars", "duckdb": "DuckDB", "pyarrow": "PyArrow"}
TITLES = {OURS: "Downhill", **READERS}


def measure(bench):
    lines, threads = [], min(2, len(processors()))
    for kind in KINDS:
        path = csv(kind)
        commands = {OURS: [bench.ours, "csv", path]} | {
            name: [bench.python, PEERS / "read_csv.py", "--peer", name, path] for name in READERS if bench.has(name)}
        found, missing = take_turns(commands, threads, min(5, bench.rounds), lambda printed, *_: json.loads(printed))
        lines.append({
            "case": {"title": kind, "megabytes": round(path.stat().st_size / 1e6), "threads": threads},
            "times": {label: [run["seconds"] for run in runs] for label, runs in found.items()},
            "facts": {label: {"rows": runs[0]["rows"], "columns": runs[0]["columns"],
                              "peak": statistics.median(run["peak"] or 0 for run in runs)}
                      for label, runs in found.items() if runs},
            "missing": missing})
        bench.say(f"  {kind} " + " ".join(f"{label} {middle(lines[-1], label)}" for label in commands))
    return {"lines": lines}


def render(result):
    rows = []
    for line in result["lines"]:
        case = line["case"]
        for label, facts in line["facts"].items():
            value = 1 if label == OURS else ratio(line, label)
            rows.append([
                f"{case['title']}, {case['megabytes']} MB, {facts['rows']:,} × {facts['columns']}", TITLES[label],
                number(middle(line, label)), "" if label == OURS else times_as_fast(value),
                f"{facts['peak'] / 1e6:,.0f}"])
    return ["Seconds from the path of a file in the page cache to typed columns in memory, types found from the file, each "
            "read in a process of its own with two threads; and the most memory that this process had, interpreter and "
            "libraries included. The import is not counted. Downhill and pandas look at every cell before they settle a "
            "column's type; Polars, DuckDB and PyArrow at the first rows, as is their default. *repr*: floats around 0.001 with "
            "all digits that a double has; *texts*: quotes within quotes, commas, letters beyond ASCII.", ""] + table(
                ["file", "", "s", "Downhill is faster by", "peak, MB"], rows)


def compared(result):
    for case, peer, value in comparisons(result["lines"], TITLES):
        yield f"{case} CSV", peer, value
