"""The time of one step of training: forward, loss, backward, update."""
from .. import rate
from ..bench import OURS
from ..server import processors
from ..shapes import flops, parse
from ..tables import compared as table
from ..tables import by_threads, comparisons_by_threads, number, threads_title
from ..tables import table as plain_table
from ..turns import Contestant, middle, ratio, take_turns

TITLE = "A step of training"
SHAPES = [
    "4-16-3@32", "16-64-64-3@32", "16-64-64-3@256", "784-128-10@64", "784-256-128-10@256", "784-512-512-10@128",
    "100-256-256-256-2@256",
    # Small and odd, single rows, deep and narrow, wide, large batches.
    "3-3-2@8", "16-64-64-3@1", "784-256-128-10@1", "8-32x8-2@64", "784-2048-2048-10@128", "16-64-64-3@4096",
    "784-256-128-10@4096",
]
MAIN = "784-256-128-10@256"
ACTIVATIONS = ("gelu", "silu", "mish", "tanh", "sigmoid")
VARIANTS = (
    [(shape, {}) for shape in SHAPES]
    + [("16-64-64-3@32", {"optimizer": "adam"}), (MAIN, {"optimizer": "adam"})]
    + [(MAIN, {"activation": name}) for name in ACTIVATIONS]
)
# Compiling takes long.
COMPILED = {"4-16-3@32", "16-64-64-3@32", MAIN}
PEERS = ["torch", "jax", "jax-scan", "sklearn"]
# Ours too, beside those with other activations.
RELU = "relu"


def measure(bench):
    lines = []
    rates, fastest = rate.find(bench)
    for threads in sorted({1, len(processors())}):
        # Optimizers and activations on one thread say it all, and so do shares of what one processor can do.
        for shape, variant in VARIANTS if threads == 1 else [(shape, {}) for shape in SHAPES]:
            peers = PEERS + (["torch-compile"] if shape in COMPILED and not variant and threads == 1 else [])
            spec = {"kind": "step", "threads": threads, **parse(shape)}
            contestants = [
                Contestant(name, bench.server(name, threads), spec | variant) for name in [OURS, *bench.available(peers)]]
            beside = rate.beside(bench, fastest) if threads == 1 else []
            if "activation" in variant:
                beside.append(Contestant(RELU, bench.server(OURS, threads), spec))
            case = {"title": ", ".join([shape, *variant.values()]), "shape": shape, "threads": threads, **variant}
            lines.append(take_turns(bench, contestants, case, beside=beside))
    return {"lines": lines, "products": rates}


def render(result):
    text = ["Microseconds a step. ReLU between the layers and SGD with momentum 0.9 unless the line says otherwise, softmax "
            "cross-entropy, float32, the same batch in memory again and again. `8-32x8-2@64` is 8 inputs, eight layers "
            "of 32, 2 outputs, batches of 64. *JAX, scan* compiles up to a hundred steps into one call. scikit-learn has no "
            "call for a step: its `fit` runs over 40 batches (8 of the largest), overhead included."]
    for threads, lines in by_threads(result).items():
        text += ["", f"### {threads_title(threads)}", ""] + table(lines, 1e6, "µs")
    return text + activations(result) + shares(result)


def cost_over_relu(line):
    """0.1: a tenth more than with ReLU, the median of the turns; None where no ReLU took turns."""
    value = ratio(line, OURS, ours=RELU)
    return None if value is None else value - 1


def activations(result):
    rows = [[line["case"]["activation"], number(middle(line, OURS) * 1e6), number(middle(line, RELU) * 1e6),
             f"{100 * cost_over_relu(line):+.1f} %"] for line in result["lines"] if cost_over_relu(line) is not None]
    return rows and ["", "### Activations", "", f"Downhill's step of {MAIN} on one thread with each activation, in turns "
                     "with the same network with ReLU; the cost is the median of the turns'.", ""] + plain_table(
                         ["", "µs", "with ReLU, µs", "cost over ReLU"], rows)


def shares(result):
    rows = []
    for line in by_threads(result)[1]:
        share = rate.share(line)
        if share is not None:
            done = flops(line["case"]["shape"]) / middle(line, OURS)
            rows.append([line["case"]["title"], number(done / 1e9), number(rate.best(line) / 1e9), f"{100 * share:.0f} %"])
    return rows and ["", "### Share of the best product rate", "", "On one thread. The products of a step, 2 · batch · "
                     "(3 · Σ in · out − in₀ · out₀) operations, by the time of the whole step, beside the fastest large "
                     f"product of this machine: of ours and {rate.OPENBLAS}'s squares of "
                     f"{', '.join(map(str, rate.SIZES))}, the fastest of each takes turns with every step.", ""] + plain_table(
                         ["GFLOP/s", "step", "best product", "share"], rows)


compared = comparisons_by_threads
