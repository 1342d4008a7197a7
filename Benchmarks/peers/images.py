"""The images of MNIST's kind, as arrays."""
import gzip
import pathlib

import numpy


def read(folder, part):
    """Pixels from 0 to 1, a row an image, and classes; `part` is train or t10k."""
    folder = pathlib.Path(folder)
    with gzip.open(folder / f"{part}-labels-idx1-ubyte.gz") as file:
        classes = numpy.frombuffer(file.read(), numpy.uint8, offset=8).astype(numpy.int64)
    with gzip.open(folder / f"{part}-images-idx3-ubyte.gz") as file:
        pixels = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(len(classes), -1)
    return pixels.astype(numpy.float32) / 255, classes
