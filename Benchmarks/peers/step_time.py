#!/usr/bin/env python3
"""The time of one training step of a multilayer perceptron in another framework: forward, loss, backward, update.

    step_time.py --peer torch --layers 784,256,128,10 --batch 256 [--threads 1] [--repeats 5]

The step is that of `downhill-benchmark step`: float32, ReLU between the layers, softmax cross-entropy, SGD with momentum
0.9 at the rate 0.001, the batch in memory; the fastest of several blocks of steps counts. Prints one JSON object with
`microseconds` per step and `gflops`. The process keeps to as many processors as it may have threads: some frameworks
use all that they see, whatever they are told.

scikit-learn has no call for one step: there, `fit` runs over some batches, and its overhead is part of the time.
"""
import argparse
import json
import os
import time

import serving


def make_step(peer, spec):
    # Imported here: a framework reads how many threads it may have when it is imported.
    if peer == "jax":
        import with_jax

        return with_jax.step(spec)
    if peer == "sklearn":
        import with_sklearn

        return with_sklearn.step(spec)
    import with_torch

    return with_torch.step(spec, compiled=peer == "torch-compile")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peer", required=True, choices=["torch", "torch-compile", "jax", "sklearn"])
    parser.add_argument("--layers", required=True, help="inputs, hidden widths, outputs: 784,256,10")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    layers = [int(width) for width in arguments.layers.split(",")]

    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(arguments.threads)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-arguments.threads :])
    spec = {"layers": layers, "batch": arguments.batch, "threads": arguments.threads}
    work, flops = make_step(arguments.peer, spec), serving.flops(spec)
    steps = max(20, min(3000, int(2e9 / flops)))
    if arguments.peer == "sklearn":
        steps = min(steps, 400)

    work.run(min(steps, 20))
    best = float("inf")
    for _ in range(arguments.repeats):
        start = time.perf_counter()
        done = work.run(steps) or steps
        best = min(best, (time.perf_counter() - start) / done)
    print(json.dumps({
        "peer": arguments.peer, "layers": layers, "batch": arguments.batch, "threads": arguments.threads,
        "microseconds": round(best * 1e6, 2), "gflops": round(flops / best * 1e-9, 1)}))


if __name__ == "__main__":
    main()
