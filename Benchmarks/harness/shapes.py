"""Networks written as `784-256-128-10@256`: widths and batch."""


def parse(text):
    """`8-32x8-2@64` has eight layers of 32."""
    widths, batch = text.split("@")
    layers = []
    for part in widths.split("-"):
        width, _, times = part.partition("x")
        layers += [int(width)] * int(times or 1)
    return {"layers": layers, "batch": int(batch)}


def flops(text):
    """Of the products of a step: forward, gradient of weights, gradient of inputs, which the first layer does without."""
    layers, batch = parse(text).values()
    products = [inputs * outputs for inputs, outputs in zip(layers, layers[1:])]
    return 2 * batch * (3 * sum(products) - products[0])
