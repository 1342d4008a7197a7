"""README.md's table of steps, between two comments."""
from .bench import OURS, ROOT
from .tables import number, table
from .turns import middle, ratio

README = ROOT / "README.md"
BEGIN, END = "<!-- Written by make bench. -->", "<!-- /make bench -->"
PEERS = {"torch": "PyTorch", "jax": "JAX, compiled"}
SHAPES = ["4-16-3@32", "16-64-64-3@32", "16-64-64-3@256", "784-128-10@64", "784-256-128-10@256", "784-512-512-10@128"]


def write(lines):
    """`lines`: those of steps on one thread."""
    lines = {line["case"]["title"]: line for line in lines}
    rows = []
    for shape in SHAPES:
        ratios = [ratio(lines[shape], peer) for peer in PEERS]
        if None in ratios:
            return
        rows.append([*shape.split("@"), number(middle(lines[shape], OURS) * 1e6),
                     *(f"{value:.1f}" if value < 10 else f"{value:.0f}" for value in ratios)])
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    inside = "\n".join("  " + line for line in table(["layers", "batch", "Downhill, µs", *PEERS.values()], rows))
    README.write_text(f"{before}{BEGIN}\n\n{inside}\n\n  {END}{after}", encoding="utf-8")
