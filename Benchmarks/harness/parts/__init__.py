"""The parts, in the order of the page. Each module measures (`measure(bench)` gives a JSON object), writes its section
(`render(result)` gives lines of Markdown) and lists what it compared (`compared(result)`: case, peer, times as fast).
`peers(result)` names the peers of one that compares nothing."""
from . import contention, convolution, csv_files, fit, predict, product, scaling, start, step, threads

PARTS = {
    "step": step, "convolution": convolution, "product": product, "fit": fit, "predict": predict, "csv": csv_files, "threads": threads,
    "contention": contention, "scaling": scaling, "start": start,
}
