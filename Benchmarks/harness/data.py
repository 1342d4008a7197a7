"""Files that are generated once, always the same."""
import math
import random

from .bench import SCRATCH

WORDS = ["north", "east", "south", "west", "north-east"]
PEOPLE = ["Zoë", "Jürgen", "Ana", "Łukasz", "李", "Søren", "Marie", "O'Neil"]
PLACES = ["Köln", "São Paulo", "東京", "Paris", "Kraków"]
PHRASES = ["not today", "déjà vu", "ein Maß für alles", "it's fine"]


def numeric_row(number, chance):
    values = [chance.random() for _ in range(16)]
    return ("%d,%d,%.1f,%.2f,%.3f,%.4f,%.5f,%.6f,%.6f,%.6f,%.6f,%.6f,%.8f,%.8f,%.3e,%d,%.6f,%.6f,%.6f,%.6f\n" % (
        number, values[0] * 1000, values[1] * 100, values[2] * 100, values[3], values[4] - 0.5, values[5] * 10, values[6],
        -values[7], values[8] * 1e3, values[9], values[10], values[11], values[12], values[13] * 1e-5, values[14] * 1e6,
        values[15], values[0] + values[1], values[2] - values[3], values[4] * values[5]))


def mixed_row(number, chance):
    a, b, c, d, e, f = (chance.random() for _ in range(6))
    return '%d,%s,%.4f,%s,"%s, %d",%s,%.2f,2026-%02d-%02d,%s,%d,%.6f\n' % (
        number, WORDS[int(a * 5)], b, "true" if c < 0.5 else "false", WORDS[int(d * 5)], e * 100, "" if f < 0.1 else
        "%.3f" % f, a * 1e4, 1 + b * 12, 1 + c * 28, "item%d" % (d * 1000), e * 1e6, f)


def repr_row(number, chance):
    """Floats as Python, NumPy and pandas write them: as many digits as the double needs, 17 at most."""
    return ",".join([repr(2e-3 * chance.random()) for _ in range(10)]) + "\n"


def text_row(number, chance):
    """Texts with quotes, commas, and letters beyond ASCII."""
    a, b, c, d = (chance.random() for _ in range(4))
    return '%d,%s %s,"%s, %s",%.2f,"„%s“, said ""%s"" – %s"\n' % (
        number, PEOPLE[int(a * 8)], PEOPLE[int(b * 8)], PLACES[int(c * 5)], WORDS[int(d * 5)], a * 1e3,
        PHRASES[int(b * 4)], PEOPLE[int(c * 8)], PHRASES[int(d * 4)])


# Name: (columns, a row, megabytes)
KINDS = {
    "numeric": (20, numeric_row, 200), "mixed": (11, mixed_row, 200), "repr": (10, repr_row, 100),
    "texts": (5, text_row, 100),
}


def csv(kind):
    """The path of the table."""
    columns, row, megabytes = KINDS[kind]
    path = SCRATCH / f"{kind}-{megabytes}.csv"
    if not path.exists():
        chance = random.Random(1)
        unfinished = path.with_suffix(".unfinished")
        with open(unfinished, "w", encoding="utf-8") as file:
            file.write(",".join(f"c{index}" for index in range(columns)) + "\n")
            number, written = 0, 0
            while written < megabytes * 1_000_000:
                text = "".join(row(number + offset, chance) for offset in range(1000))
                number, written = number + 1000, written + file.write(text)
        unfinished.rename(path)
    return path


def small_table(rows=1000, columns=20):
    """The path of a table with two classes, which a network can tell apart from 20 numbers."""
    path = SCRATCH / f"small-{rows}x{columns}.csv"
    chance = random.Random(1)
    lines = [",".join([f"x{index}" for index in range(columns)] + ["class"])]
    for _ in range(rows):
        x = [chance.gauss(0, 1) for _ in range(columns)]
        score = math.sin(2 * x[0]) + x[1] * x[2] + 0.5 * x[3] + 0.2 * chance.gauss(0, 1)
        lines.append(",".join([f"{value:.5f}" for value in x] + ["yes" if score > 0 else "no"]))
    path.write_text("\n".join(lines) + "\n")
    return path
