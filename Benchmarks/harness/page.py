"""docs/BENCHMARKS.md, from the results that are there."""
import statistics

from . import chart, goals, readme
from .bench import ROOT, TITLES
from .parts import PARTS
from .quiet import QUIET, is_noisy
from .tables import FASTER, by_threads, table

PAGE, CHART = ROOT / "docs" / "BENCHMARKS.md", ROOT / "docs" / "benchmarks.svg"
LABELS = {
    "processor": "processor", "processors": "processors", "vectors": "vector instructions",
    "caches": "caches of one processor", "governor": "frequency governor", "memory": "memory", "system": "system",
}


def write(records):
    if not records:
        return
    text = introduction(records) + goals.render({name: record["result"] for name, record in records.items()})
    text += machine(records)
    if "step" in records:
        readme.write(by_threads(records["step"]["result"])[1])
        draw(records["step"])
        text += ["", "![One step of training, Downhill and its peers](benchmarks.svg)"]
    text += summary(records)
    for record in records.values():
        text += ["", *section(record)]
    PAGE.write_text("\n".join(text) + "\n", encoding="utf-8")


def section(record):
    part = PARTS[record["part"]]
    return [f"## {part.TITLE}", "", f"`make bench BENCH={record['part']}`. {measured(record)}", "",
            *part.render(record["result"]), *missing(record)]


def draw(record):
    lines = [line for line in by_threads(record["result"])[1] if "," not in line["case"]["title"]]
    machine = record["machine"]
    CHART.write_text(chart.draw(lines, f"{machine['processor']}, {record['date']}"), encoding="utf-8")


def introduction(records):
    text = [
        "# Benchmarks", "",
        "Written by `make bench` from `Benchmarks/results/`; don't edit it. [Benchmarks/README.md](../Benchmarks/README.md) "
        "says how each number is made, how to repeat one, and what can't be compared.", "",
        "Ours and the peers take turns in one run, so that a busy minute of the machine falls on all of them. Times are "
        "medians over the turns. `3.4×` is how many times as fast Downhill is: **the median of the turns' ratios**, not the "
        f"ratio of the medians. **{FASTER} marks where the peer is faster.** With k threads a process may use k processors "
        "and no more (`taskset`)."]
    return text + [line for warning in warnings(records) for line in ("", f"**{warning}**")]


def warnings(records):
    """What a reader should know before any number."""
    noisy = [PARTS[name].TITLE for name, record in records.items() if is_noisy(record)]
    if noisy:
        yield f"Others used the machine meanwhile, so these parts are not to be relied on: {', '.join(noisy)}."
    unmeasured = [part.TITLE for name, part in PARTS.items() if name not in records]
    if unmeasured:
        yield f"Not measured: {', '.join(unmeasured)}."
    if len({record["commit"] for record in records.values()}) > 1:
        yield "Not all parts were measured at the same commit."
    if len({str(record["machine"]) for record in records.values()}) > 1:
        yield "Not all parts were measured on the same machine; the latest is described."
    if not any(list(PARTS[name].compared(record["result"])) for name, record in records.items()):
        yield "No peers were there: ours alone was measured."


def machine(records):
    latest = max(records.values(), key=lambda record: record["date"])
    rows = [[LABELS[name], value] for name, value in latest["machine"].items() if value]
    text = ["", "## Machine", "", *[line.replace("---:", "---") for line in table(["", ""], rows)]]
    versions = {}
    for record in records.values():
        versions.update(record["versions"])
    minutes = sum(record["seconds"] for record in records.values()) / 60
    return text + ["", "Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + ".",
                   "", "```sh", "PEERS=~/peers/bin/python make bench              # everything",
                   "PEERS=~/peers/bin/python make bench BENCH=step   # one part", "```", "",
                   f"All parts took {minutes:.0f} minutes."]


def measured(record):
    text = f"Measured on {record['date']} at commit {record['commit']}, in {record['seconds']} s."
    if record["others"] is None:
        return text
    tries = len(record["tries"])
    return text + f" Others had {100 * record['others']:.0f} % of the processors' time meanwhile" + (
        f", in the quietest of {tries} tries." if tries > 1 else ".") + (
        f" **More than {100 * QUIET:.0f} %: these numbers are not to be relied on.**" if is_noisy(record) else "")


def missing(record):
    """Why a peer has no number."""
    reasons = {}
    result = record["result"]
    for holder in [*result.get("lines", []), result.get("products", {}), result]:
        for label, reason in holder.get("missing", {}).items():
            reasons[f"{TITLES.get(label, label)}: {reason}"] = None
    return ["", "Without a number: " + "; ".join(reasons) + "."] if reasons else []


def summary(records):
    """How many comparisons there are, and each in which a peer is faster, the slowest first, folded by part."""
    rows, faster = [], []
    for name, record in records.items():
        found, title = list(PARTS[name].compared(record["result"])), PARTS[name].TITLE
        if not found:
            continue
        lost = sorted((value, case, peer) for case, peer, value in found if round(value, 2) < 1)
        rows.append([title, str(len(found)), str(len(lost)),
                     f"{statistics.median(value for *_, value in found):.2f}×", f"{min(v for *_, v in found):.2f}×"])
        if lost:
            faster += ["", f"<details><summary>{title}: {len(lost)} of {len(found)}</summary>", ""] + table(
                ["case", "peer", "Downhill is faster by"], [[case, peer, f"{value:.2f}×"] for value, case, peer in lost])
            faster += ["", "</details>"]
    if not rows:
        return []
    return ["", "## Where a peer is faster", ""] + table(
        ["", "comparisons", "peer faster", "median", "least"], rows) + faster
