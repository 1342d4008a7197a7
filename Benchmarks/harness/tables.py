"""Markdown tables in which a faster peer is marked."""
from .bench import OURS, TITLES
from .turns import middle, ratio

FASTER = "◄"


def number(value):
    """Three significant digits, without an exponent."""
    if value is None:
        return "–"
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def times_as_fast(value):
    """`3.4×`; bold and marked where the peer is faster."""
    text = f"{value:.2f}×" if value < 10 else f"{value:.0f}×"
    return f"**{text} {FASTER}**" if round(value, 2) < 1 else text


def table(heading, rows):
    """The first column to the left, the others to the right."""
    lines = ["| " + " | ".join(heading) + " |", "|---" + "|---:" * (len(heading) - 1) + "|"]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def labels(lines):
    """Peers that have a time somewhere, in the order in which they come."""
    found = {}
    for line in lines:
        found.update({label: None for label, times in line["times"].items() if times and label != OURS})
    return list(found)


def compared(lines, scale, what="", titles=TITLES):
    """A row for each line: our median, and each peer's with how many times as fast ours is."""
    peers = labels(lines)
    rows = []
    for line in lines:
        row = [line["case"]["title"], number(scaled(middle(line, OURS), scale))]
        for peer in peers:
            value = ratio(line, peer)
            row.append("–" if value is None else
                       f"{number(scaled(middle(line, peer), scale))} · {times_as_fast(value)}")
        rows.append(row)
    return table([what, titles[OURS]] + [titles[peer] for peer in peers], rows)


def scaled(value, scale):
    return None if value is None else value * scale


def comparisons(lines, titles=TITLES):
    """(case, peer, times as fast) of each cell."""
    for line in lines:
        for peer in labels([line]):
            value = ratio(line, peer)
            if value is not None:
                yield line["case"]["title"], titles[peer], value


def threads_title(count):
    return f"{count} thread{'s' if count != 1 else ''}"


def by_threads(result):
    """The lines of each number of threads."""
    counts = sorted({line["case"]["threads"] for line in result["lines"]})
    return {count: [line for line in result["lines"] if line["case"]["threads"] == count] for count in counts}


def comparisons_by_threads(result):
    """(case with its threads, peer, times as fast) of each cell."""
    for threads, lines in by_threads(result).items():
        for case, peer, value in comparisons(lines):
            yield f"{case}, {threads_title(threads)}", peer, value
