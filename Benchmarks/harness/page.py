"""docs/BENCHMARKS.md, from the results that are there."""
import statistics

from . import chart
from .bench import ROOT, TITLES
from .parts import PARTS
from .parts.step import by_threads
from .tables import FASTER, table

PAGE, CHART = ROOT / "docs" / "BENCHMARKS.md", ROOT / "docs" / "benchmarks.svg"
LABELS = {
    "processor": "processor", "processors": "processors", "vectors": "vector instructions",
    "caches": "caches of one processor", "governor": "frequency governor", "memory": "memory", "system": "system",
}


def write(records):
    if not records:
        return
    latest = max(records.values(), key=lambda record: record["date"])
    text = introduction(records, latest)
    if "step" in records:
        draw(records["step"])
        text += ["", "![One step of training, Downhill and its peers](benchmarks.svg)"]
    text += summary(records)
    for name, record in records.items():
        part = PARTS[name]
        text += ["", f"## {part.TITLE}", "", f"`make bench BENCH={name}`. {measured(record)}", ""]
        text += part.render(record["result"]) + missing(record)
    PAGE.write_text("\n".join(text) + "\n", encoding="utf-8")


def draw(record):
    lines = [line for line in by_threads(record["result"])[1] if "," not in line["case"]["title"]]
    machine = record["machine"]
    CHART.write_text(chart.draw(lines, f"{machine['processor']}, {record['date']}"), encoding="utf-8")


def introduction(records, latest):
    text = [
        "# Benchmarks", "",
        "Written by `make bench` from `Benchmarks/results/`; don't edit it. [Benchmarks/README.md](../Benchmarks/README.md) "
        "says how each number is made, how to repeat one, and what can't be compared.", "",
        "Ours and the peers take turns in one run, so that a busy minute of the machine falls on all of them. Times are "
        "medians over the turns. `3.4×` is how many times as fast Downhill is: **the median of the turns' ratios**, not the "
        f"ratio of the medians. **{FASTER} marks where the peer is faster.** With k threads a process may use k processors "
        "and no more (`taskset`).", "", "## Machine", ""]
    rows = [[LABELS[name], value] for name, value in latest["machine"].items() if value]
    text += [line.replace("---:", "---") for line in table(["", ""], rows)]
    versions = {}
    for record in records.values():
        versions.update(record["versions"])
    text += ["", "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + "."]
    if not any(record["peers"] for record in records.values()):
        text += ["", "No peers were there: ours alone was measured."]
    minutes = sum(record["seconds"] for record in records.values()) / 60
    return text + ["", "```sh", "PEERS=~/peers/bin/python make bench              # everything",
                   "PEERS=~/peers/bin/python make bench BENCH=step   # one part", "```", "",
                   f"All parts took {minutes:.0f} minutes."]


def measured(record):
    text = f"Measured on {record['date']} at commit {record['commit']}, in {record['seconds']} s."
    if record["others"] is not None:
        text += f" Others had {100 * record['others']:.0f} % of the processors' time meanwhile."
    return text


def missing(record):
    """Why a peer has no number."""
    reasons = {}
    result = record["result"]
    for holder in result.get("lines", []) + [result]:
        for label, reason in holder.get("missing", {}).items():
            reasons[f"{TITLES.get(label, label)}: {reason}"] = None
    return ["", "Without a number: " + "; ".join(reasons) + "."] if reasons else []


def summary(records):
    """How many comparisons there are, and each in which a peer is faster."""
    rows, faster = [], []
    for name, record in records.items():
        found = list(PARTS[name].compared(record["result"]))
        if not found:
            continue
        lost = sorted((value, case, peer) for case, peer, value in found if round(value, 2) < 1)
        rows.append([PARTS[name].TITLE, str(len(found)), str(len(lost)),
                     f"{statistics.median(value for *_, value in found):.2f}×", f"{min(v for *_, v in found):.2f}×"])
        faster += [(PARTS[name].TITLE, *item) for item in lost]
    if not rows:
        return []
    text = ["", "## Where a peer is faster", ""] + table(
        ["", "comparisons", "peer faster", "median", "least"], rows)
    if faster:
        text += ["", "<details><summary>Each of them</summary>", ""] + table(
            ["part", "case", "peer", "Downhill is faster by"],
            [[part, case, peer, f"{value:.2f}×"] for part, value, case, peer in faster]) + ["", "</details>"]
    return text
