"""How the time of a step grows with batch, width and depth, and that of an epoch with rows."""
from ..bench import OURS
from ..shapes import parse
from ..tables import compared as table
from ..tables import comparisons
from ..turns import Contestant, take_turns

TITLE = "Growth"
SWEEPS = {
    "batch": [f"16-64-64-3@{batch}" for batch in (1, 4, 16, 64, 256, 1024, 4096, 16384)],
    "width": [f"64-{width}-{width}-10@128" for width in (8, 16, 32, 64, 128, 256, 512, 1024, 2048)],
    "depth": [f"64-64x{depth}-10@64" for depth in (1, 2, 4, 8, 16, 32)],
}
ROWS = [1_000, 10_000, 100_000]


def measure(bench):
    lines = []
    for sweep, shapes in SWEEPS.items():
        for shape in shapes:
            spec = {"kind": "step", "threads": 1, **parse(shape)}
            contestants = [
                Contestant(name, bench.server(name, 1), spec) for name in [OURS, *bench.available(["torch", "jax"])]]
            lines.append(take_turns(bench, contestants, {"title": shape, "sweep": sweep}, rounds=min(5, bench.rounds)))
    for rows in ROWS:
        spec = {"kind": "epoch", "threads": 1, "rows": rows, "rate": 0.01, **parse("16-64-64-3@32")}
        contestants = [Contestant(name, bench.server(name, 1), spec) for name in [OURS, *bench.available(["torch"])]]
        lines.append(take_turns(bench, contestants, {"title": f"{rows:,} rows", "sweep": "rows"}, rounds=min(3, bench.rounds)))
    return {"lines": lines}


def of(result, sweep):
    return [line for line in result["lines"] if line["case"]["sweep"] == sweep]


def render(result):
    text = ["Microseconds a step, one thread, as above."]
    for sweep in SWEEPS:
        text += ["", f"### By {sweep}", ""] + table(of(result, sweep), 1e6, "µs")
    return text + ["", "### By rows", "", "Milliseconds an epoch of 16-64-64-3 in batches of 32, one thread: shuffling, "
                   "gathering and steps; Downhill's `Trainer` beside PyTorch's plain loop over tensors in memory.",
                   ""] + table(of(result, "rows"), 1e3, "ms")


def compared(result):
    return comparisons(result["lines"])
