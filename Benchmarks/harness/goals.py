"""The goals of the project, and what was measured of each."""
import dataclasses
import statistics

from .bench import OURS, TITLES
from .parts import contention, convolution, product, step, threads
from .rate import share
from .tables import number, table
from .turns import middle, ratio

LARGE = ["784-128-10@64", "784-256-128-10@256", "784-512-512-10@128"]
DEEP = "100-256-256-256-2@256"
# A step on one thread: how many times as fast as a peer's.
STEPS = {
    "jax": [(15, ["4-16-3@32"]), (3.5, ["16-64-64-3@32"]), (1.8, ["16-64-64-3@256"]), (1.1, LARGE), (1.25, [DEEP])],
    "torch": [(150, ["4-16-3@32"]), (25, ["16-64-64-3@32"]), (5, ["16-64-64-3@256"]), (1.3, LARGE), (1.45, [DEEP])],
}
# Per cent of the best product rate.
SHARES = [(88, [*LARGE[1:], DEEP]), (70, ["16-64-64-3@256"])]
ON_BOTH = (1.2, [*LARGE[1:], "16-64-64-3@256"])
# Steps of more seconds gain from a second thread; shorter ones lose nothing, which 2 % of noise may hide.
LONG, GAIN, NO_LOSS = 500e-6, 1.8, 0.98
BUSY = 4
# (part, line, peer, how many times as fast)
TIMES_AS_FAST = [
    ("fit", ["Fashion-MNIST"], "torch", 1.5), ("fit", ["Fashion-MNIST"], "torch-loader", 3),
    ("fit", ["1,000 × 20 table"], "sklearn", 30), ("predict", ["16-64-64-3@1"], "onnxruntime", 10),
    ("predict", ["16-64-64-3@1"], "onnxruntime-c", 1), ("csv", ["numeric", "mixed"], "polars", 1),
    ("csv", ["numeric", "mixed"], "pandas", 3),
]
WHAT = {"fit": "A whole training", "predict": "A prediction of one row", "csv": "CSV files of 200 MB, two threads"}
OVER_RELU, START = 10, 20


@dataclasses.dataclass
class Goal:
    what: str
    target: float
    # What was measured in each case; None where it was not.
    values: dict
    unit: str = "×"
    at_most: bool = False
    note: str = ""

    def holds(self, value):
        return round(value, 2) <= self.target if self.at_most else round(value, 2) >= self.target

    @property
    def verdict(self):
        found = [value for value in self.values.values() if value is not None]
        if not all(map(self.holds, found)):
            return "**not met**"
        return "met" if found and len(found) == len(self.values) else "not measured"

    def row(self):
        cells = [f"{case} {self.written(value)}".strip() for case, value in self.values.items()]
        bound = f"{'at most' if self.at_most else 'at least'} {self.target:,g}{self.unit}"
        return [self.what, bound, ", ".join(cells) + self.note or "–", self.verdict]

    def written(self, value):
        if value is None:
            return "–"
        text = (f"{value:.0f}" if not self.unit else f"{value:.1f}" if "%" in self.unit else number(value)) + self.unit
        return text if self.holds(value) else f"**{text}**"


def render(results):
    found = list(goals(results))
    met = sum(goal.verdict == "met" for goal in found)
    text = ["", "## Goals", "", f"{met} of {len(found)} are met. Bold is what falls short.", ""] + table(
        ["goal", "", "measured", ""], [goal.row() for goal in found])
    # Words, not numbers.
    text[6] = "|---|---|---|---|"
    return text


def goals(results):
    """`results`: of each part that was measured."""
    for peer, targets in STEPS.items():
        for target, shapes in targets:
            yield Goal(f"A step against {TITLES[peer]}, one thread", target,
                       {shape: ratio(line(results, "step", shape, threads=1), peer) for shape in shapes})
    yield slower_steps(results)
    for peer in ("torch", "torch-last"):
        yield Goal(f"A step on images against {TITLES[peer]}, two threads", 1, {
            f"{title}@{batch}": ratio(line(results, "convolution", f"{title}@{batch}", threads=2), peer)
            for title in convolution.NETWORKS for batch in convolution.BATCHES})
    for target, shapes in SHARES:
        yield Goal("A step's share of the best product rate", target, {
            shape: percent(share(line(results, "step", shape, threads=1))) for shape in shapes}, " %")
    yield from second_thread(results)
    yield from busy_neighbours(results)
    for part, titles, peer, target in TIMES_AS_FAST:
        name = TITLES.get(peer, peer.capitalize() if peer == "polars" else peer)
        yield Goal(f"{WHAT[part]} against {name}", target,
                   {title: ratio(line(results, part, title), peer) for title in titles})
    yield Goal("An activation's cost over ReLU", OVER_RELU, {
        name: percent(step.cost_over_relu(line(results, "step", f"{step.MAIN}, {name}", threads=1)))
        for name in step.ACTIVATIONS}, " %", at_most=True)
    start = results.get("start", {}).get("starts", {}).get(OURS)
    yield Goal("`downhill --help`", START, {"": start and 1e3 * statistics.median(start["seconds"])}, " ms", at_most=True)
    for run in results.get("product", {}).get("runs", []):
        if product.honoured(run):
            yield against_openblas(run)


def slower_steps(results):
    compared = [value for case, _, value in step.compared(results["step"]) if case.endswith("1 thread")] \
        if "step" in results else []
    return Goal("Steps slower than a peer's, one thread", 0, {
        "": sum(round(value, 2) < 1 for value in compared) if compared else None}, "", at_most=True,
        note=f" of {len(compared)}" if compared else "")


def second_thread(results):
    ours = [line for line in results.get("threads", {}).get("lines", []) if line["case"]["peer"] == OURS]
    gains = {line["case"]["title"]: threads.gain(line, "2") for line in ours}
    long = {line["case"]["title"] for line in ours if (middle(line, "1") or 0) > LONG}
    yield Goal("Two threads against one, steps of more than 500 µs", GAIN, {
        title: value for title, value in gains.items() if title in long})
    yield Goal("Two threads against one, shorter steps (2 % are noise)", NO_LOSS, {
        title: value for title, value in gains.items() if title not in long})
    target, shapes = ON_BOTH
    for peer in ("jax", "torch"):
        yield Goal(f"A step against {TITLES[peer]}, two threads", target, {
            shape: ratio(line(results, "step", shape, threads=2), peer) for shape in shapes})


def busy_neighbours(results):
    slower = {line["case"]["title"]: {label: contention.slowdown(times) for label, times in line["times"].items()}
              for line in results.get("contention", {}).get("lines", [])}
    yield Goal("Beside busy processes, against alone, two threads", BUSY, {
        title: values[OURS] for title, values in slower.items()}, at_most=True)
    yield Goal("How much less slowed than PyTorch", 1, {
        title: values["torch"] / values[OURS] if "torch" in values else None for title, values in slower.items()})


def against_openblas(run):
    ratios = [round(peer["ratio"], 2) for found in run["results"] for peer in found["peers"] if peer["name"] == "OpenBLAS"]
    return Goal(
        f"Products at least as fast as OpenBLAS's, {run['title']}", len(ratios),
        {"": sum(ratio >= 1 for ratio in ratios) if ratios else None}, "",
        note=f" of {len(ratios)}; {sum(ratio >= 0.97 for ratio in ratios)} within 3 %" if ratios else "")


def line(results, part, title, **case):
    """The one of a part that is about this, or an empty one."""
    wanted = {"title": title, **case}
    return next((line for line in results.get(part, {}).get("lines", []) if wanted.items() <= line["case"].items()),
                {"case": wanted, "times": {}})


def percent(value):
    return None if value is None else 100 * value
