"""What more processors bring."""
from ..bench import OURS, TITLES
from ..server import processors
from ..shapes import parse
from ..tables import number, table
from ..turns import Contestant, middle, ratio, take_turns

TITLE = "More processors"
SHAPES = ["4-16-3@32", "16-64-64-3@32", "16-64-64-3@256", "784-128-10@64", "16-64-64-3@4096", "784-256-128-10@256",
          "784-512-512-10@128", "100-256-256-256-2@256", "784-2048-2048-10@128"]


def counts():
    """1, 2, 4, …, all."""
    total = len(processors())
    return sorted({2**power for power in range(total.bit_length()) if 2**power <= total} | {total})


def measure(bench):
    lines = []
    for shape in SHAPES:
        for name in [OURS, *bench.available(["torch", "jax"])]:
            # All numbers of threads of one framework in turns: what is asked is what more of them bring.
            contestants = [
                Contestant(str(count), bench.server(name, count), {"kind": "step", "threads": count, **parse(shape)})
                for count in counts()]
            lines.append(take_turns(bench, contestants, {"title": shape, "peer": name}, block=2 * bench.block))
    return {"lines": lines}


def gain(line, count):
    """How many times as fast as on one thread, or None."""
    return ratio(line, "1", ours=count)


def render(result):
    lines = result["lines"]
    most = sorted({label for line in lines for label in line["times"]}, key=int)
    rows = []
    for line in lines:
        row = [line["case"]["title"], TITLES[line["case"]["peer"]]]
        for count in most:
            value = gain(line, count)
            row.append("–" if value is None else f"{number(middle(line, count) * 1e6)} · {value:.2f}×")
        rows.append(row)
    return ["Microseconds a step, each on as many processors as threads, and how many times as fast as on one. Downhill "
            "finds out by trying whether a step is worth more than one thread.", ""] + table(
                ["step", "", *(f"{count} thread{'s' if count != '1' else ''}" for count in most)], rows)


def compared(result):
    return []


def peers(result):
    return {TITLES[line["case"]["peer"]] for line in result["lines"] if line["times"]}
