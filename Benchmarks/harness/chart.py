"""docs/benchmarks.svg: the times of a step as dots on a logarithmic axis. Plain SVG that follows the reader's choice of
light or dark."""
import html
import math

from .bench import OURS, TITLES
from .tables import number
from .turns import middle

LEFT, RIGHT, TOP, ROW, WIDTH = 240, 44, 84, 26, 920
# Told apart by shape as well as by colour (Okabe and Ito's, which the colour-blind can tell apart).
MARKS = {
    OURS: ("#0072b2", "#56b4e9", "circle"), "torch": ("#d55e00", "#ff8c4a", "square"),
    "jax": ("#007a5a", "#2cc79a", "diamond"), "jax-scan": ("#007a5a", "#2cc79a", "hollow"),
    "sklearn": ("#a0569a", "#e29bd0", "triangle"),
}
STYLE = """
  text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 13px; fill: #24292f }
  .title { font-size: 16px; font-weight: 600 } .small { font-size: 12px; fill: #57606a } .value { font-weight: 600 }
  .grid { stroke: #d0d7de } .row { stroke: #eaeef2 }
"""
DARK = """
    text { fill: #e6edf3 } .small { fill: #9da7b3 } .grid { stroke: #3d444d } .row { stroke: #262c36 }
"""


def style():
    light = "".join(f"  .{name} {{ fill: {mark[0]}; stroke: {mark[0]} }}\n" for name, mark in MARKS.items())
    dark = "".join(f"    .{name} {{ fill: {mark[1]}; stroke: {mark[1]} }}\n" for name, mark in MARKS.items())
    # After the colours, which it leaves to the outline.
    hollow = "  .hollow { fill: none; stroke-width: 2 }\n"
    return f"<style>{STYLE}{light}  @media (prefers-color-scheme: dark) {{{DARK}{dark}  }}\n{hollow}</style>"


def mark(name, x, y):
    shape = MARKS[name][2]
    if shape == "circle":
        return f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    points = {
        "square": ((-5, -5), (5, -5), (5, 5), (-5, 5)), "triangle": ((0, -6), (6, 5), (-6, 5)),
        "diamond": ((0, -6.5), (6.5, 0), (0, 6.5), (-6.5, 0)),
    }["diamond" if shape == "hollow" else shape]
    path = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in points)
    return f'<polygon class="{name}{" hollow" if shape == "hollow" else ""}" points="{path}"/>'


def text(x, y, value, kind="", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{html.escape(value)}</text>'


def draw(lines, machine):
    """`lines`: those of steps on one thread. The SVG as a text."""
    names = [name for name in MARKS if any(line["times"].get(name) for line in lines)]
    values = [middle(line, name) * 1e6 for line in lines for name in names if line["times"].get(name)]
    low, high = (math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))))
    height = TOP + ROW * len(lines) + 52

    def place(microseconds):
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(microseconds) - low) / (high - low)

    title = "One step of training on one thread: microseconds, less is better"
    found = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" '
        f'aria-label="{title}">', f"<title>{title}</title>", style(), text(16, 26, title, "title")]
    x = 22
    for name in names:
        found += [mark(name, x, 50), text(x + 12, 54.5, TITLES[name])]
        x += 40 + 7.4 * len(TITLES[name])
    bottom = TOP + ROW * len(lines)
    for power in range(low, high + 1):
        at = place(10**power)
        label = f"{10**power:,}" if power >= 0 else f"{10**power:g}"
        found += [f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 8}" y2="{bottom}"/>',
                  text(at, bottom + 18, f"{label} µs", "small", "middle")]
    for index, line in enumerate(lines):
        y = TOP + ROW * (index + 0.5)
        found += [f'<line class="row" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>',
                  text(16, y + 4.5, line["case"]["title"])]
        # Ours last, so that nothing covers it.
        for name in reversed(names):
            if line["times"].get(name):
                found.append(mark(name, place(middle(line, name) * 1e6), y))
        ours = middle(line, OURS) * 1e6
        found.append(text(LEFT - 12, y + 4.5, number(ours), "value", "end"))
    found.append(text(16, bottom + 40, f"Layers@batch, and Downhill's time. {machine}. Medians of turns.", "small"))
    return "\n".join(found + ["</svg>", ""])
