"""Benchmarks/results/: what was measured last, a file for each part, tracked by git. The page is written from them."""
import json

from .bench import BENCHMARKS
from .parts import PARTS

FOLDER = BENCHMARKS / "results"


def load():
    """The record of each part that has been measured, in the order of the page."""
    return {name: json.loads(path(name).read_text(encoding="utf-8")) for name in PARTS if path(name).exists()}


def save(record):
    FOLDER.mkdir(exist_ok=True)
    path(record["part"]).write_text(lines(rounded(record)) + "\n", encoding="utf-8")


def path(name):
    return FOLDER / f"{name}.json"


def lacking(record, known):
    """What a record of the same part that is kept was held against, and this one was not."""
    return sorted(peers(known) - peers(record))


def peers(record):
    part, result = PARTS[record["part"]], record["result"]
    found = part.peers(result) if hasattr(part, "peers") else {peer for _, peer, _ in part.compared(result)}
    return found | {label.split()[0] for line in result.get("lines", []) for label in line.get("beside", {})}


def rounded(value):
    """Five digits are more than any measurement here is worth."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value


def lines(value, indent=""):
    """JSON on one line where it fits, so that files are small and their changes can be read."""
    whole = json.dumps(value, ensure_ascii=False)
    if len(indent + whole) <= 120 or not isinstance(value, (dict, list)):
        return whole
    deeper = indent + " "
    if isinstance(value, dict):
        items = [f"{json.dumps(key, ensure_ascii=False)}: {lines(inner, deeper)}" for key, inner in value.items()]
    else:
        items = [lines(inner, deeper) for inner in value]
    return whole[0] + "\n" + ",\n".join(deeper + item for item in items) + "\n" + indent + whole[-1]
