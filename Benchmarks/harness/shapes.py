"""Networks written as `784-256-128-10@256`: widths and batch."""


def parse(text):
    """`8-32x8-2@64` has eight layers of 32."""
    widths, batch = text.split("@")
    layers = []
    for part in widths.split("-"):
        width, _, times = part.partition("x")
        layers += [int(width)] * int(times or 1)
    return {"layers": layers, "batch": int(batch)}
