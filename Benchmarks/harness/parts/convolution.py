"""The time of one step of training of a convolutional network."""
from ..bench import OURS
from ..server import processors
from ..tables import compared as table
from ..tables import by_threads, comparisons_by_threads, threads_title
from ..turns import Contestant, take_turns

TITLE = "A step of training on images"
# Channels of the convolutions, widths behind them; the first of these is what comes out of the last convolution.
NETWORKS = {"32c-64c-30-10": ([32, 64], [7 * 7 * 64, 30, 10]), "8c-16c-32-10": ([8, 16], [7 * 7 * 16, 32, 10])}
BATCHES = [64, 256]
PEERS = ["torch", "torch-last"]


def measure(bench):
    lines = []
    for threads in sorted({1, len(processors())}):
        for title, (channels, layers) in NETWORKS.items():
            for batch in BATCHES:
                spec = {"kind": "step", "channels": channels, "layers": layers, "batch": batch, "threads": threads}
                contestants = [Contestant(name, bench.server(name, threads), spec)
                               for name in [OURS, *bench.available(PEERS)]]
                lines.append(take_turns(bench, contestants, {"title": f"{title}@{batch}", "threads": threads}))
    return {"lines": lines}


def render(result):
    text = ["Milliseconds a step, on grey images of 28 × 28, SGD with momentum 0.9. `32c-64c-30-10@64` has two convolutions of "
            "3 × 3 to 32 and to 64 channels, each with 2 × 2 maximum pooling and ReLU behind it, then layers of 30 and 10, and "
            "takes batches of 64."]
    for threads, lines in by_threads(result).items():
        text += ["", f"### {threads_title(threads)}", ""] + table(lines, 1e3, "ms")
    return text


compared = comparisons_by_threads
