"""The time of one step of training: forward, loss, backward, update."""
from ..bench import OURS
from ..server import processors
from ..shapes import parse
from ..tables import compared as table
from ..tables import comparisons
from ..turns import Contestant, take_turns

TITLE = "A step of training"
SHAPES = [
    "4-16-3@32", "16-64-64-3@32", "16-64-64-3@256", "784-128-10@64", "784-256-128-10@256", "784-512-512-10@128",
    "100-256-256-256-2@256",
    # Small and odd, single rows, deep and narrow, wide, large batches.
    "3-3-2@8", "16-64-64-3@1", "784-256-128-10@1", "8-32x8-2@64", "784-2048-2048-10@128", "16-64-64-3@4096",
    "784-256-128-10@4096",
]
MAIN = "784-256-128-10@256"
VARIANTS = (
    [(shape, {}) for shape in SHAPES]
    + [("16-64-64-3@32", {"optimizer": "adam"}), (MAIN, {"optimizer": "adam"})]
    + [(MAIN, {"activation": name}) for name in ("gelu", "silu", "mish", "tanh", "sigmoid")]
)
# Compiling takes long.
COMPILED = {"4-16-3@32", "16-64-64-3@32", MAIN}
PEERS = ["torch", "jax", "jax-scan", "sklearn"]


def measure(bench):
    lines = []
    for threads in sorted({1, len(processors())}):
        # Optimizers and activations on one thread say it all.
        for shape, variant in VARIANTS if threads == 1 else [(shape, {}) for shape in SHAPES]:
            peers = PEERS + (["torch-compile"] if shape in COMPILED and not variant and threads == 1 else [])
            spec = {"kind": "step", "threads": threads, **parse(shape), **variant}
            contestants = [
                Contestant(name, bench.server(name, threads), spec) for name in [OURS, *bench.available(peers)]]
            title = ", ".join([shape, *variant.values()])
            lines.append(take_turns(bench, contestants, {"title": title, "threads": threads}))
    return {"lines": lines}


def by_threads(result):
    counts = sorted({line["case"]["threads"] for line in result["lines"]})
    return {count: [line for line in result["lines"] if line["case"]["threads"] == count] for count in counts}


def render(result):
    text = ["Microseconds a step. ReLU between the layers and SGD with momentum 0.9 unless the line says otherwise, softmax "
            "cross-entropy, float32, the same batch in memory again and again. `8-32x8-2@64` is 8 inputs, eight layers "
            "of 32, 2 outputs, batches of 64. *JAX, scan* compiles up to a hundred steps into one call. scikit-learn has no "
            "call for a step: its `fit` runs over 40 batches (8 of the largest), overhead included."]
    for threads, lines in by_threads(result).items():
        text += ["", f"### {threads} thread{'s' if threads > 1 else ''}", ""] + table(lines, 1e6, "µs")
    return text


def compared(result):
    for threads, lines in by_threads(result).items():
        for case, peer, value in comparisons(lines):
            yield f"{case}, {threads} thread{'s' if threads > 1 else ''}", peer, value
