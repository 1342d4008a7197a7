"""The best rate of products that this machine shows, and a step's share of it."""
import statistics

from .bench import OURS
from .shapes import flops
from .turns import Contestant, middle, seconds, take_turns

OPENBLAS = "OpenBLAS"
# Squares of m = n = k: operands from the second cache to beyond it.
SIZES = (128, 256, 512, 1024)


def contestant(bench, library, size):
    spec = {"kind": "product", "shape": [size] * 3} | ({} if library == OURS else {"library": library})
    return Contestant(f"{library} {size}", bench.server(OURS, 1), spec)


def find(bench):
    """A line of all candidates, and the label of each library's fastest; they then take turns with the steps."""
    line = take_turns(
        bench, [contestant(bench, library, size) for library in (OURS, OPENBLAS) for size in SIZES],
        {"title": "products"})
    fastest = {}
    for label in sorted((label for label in line["times"] if middle(line, label)), key=lambda label: speed(line, label)):
        fastest[label.split()[0]] = label
    return line, list(fastest.values())


def beside(bench, labels):
    return [contestant(bench, library, int(size)) for library, size in map(str.split, labels)]


def speed(line, label):
    """FLOP/s of a product."""
    return work(label) / middle(line, label)


def work(label):
    return 2 * int(label.split()[1]) ** 3


def products(line):
    """The labels of the products that took turns with a step."""
    return [label for label, times in line.get("beside", {}).items() if times and label.split()[0] in (OURS, OPENBLAS)]


def best(line):
    """FLOP/s of the fastest of them, or None."""
    return max((speed(line, label) for label in products(line)), default=None)


def share(line):
    """A step's FLOP/s by those of the fastest product, the median of the turns'; or None."""
    ours = seconds(line, OURS)
    if not ours or not products(line):
        return None
    done = flops(line["case"]["shape"])
    return min(
        statistics.median(done / step / (work(label) / product) for step, product in zip(ours, seconds(line, label)))
        for label in products(line))
