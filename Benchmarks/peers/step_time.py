#!/usr/bin/env python3
"""The time of one training step of a multilayer perceptron in another framework: forward, loss, backward, update.

    step_time.py --peer torch --layers 784,256,128,10 --batch 256 [--threads 1] [--repeats 5]

The step is that of `downhill-benchmark step`: float32, ReLU between the layers, softmax cross-entropy, SGD with momentum
0.9 at the rate 0.001, the batch in memory; the fastest of several blocks of steps counts. Prints one JSON object with
`microseconds` per step and `gflops`.

scikit-learn has no call for one step: there, `fit` runs over 40 batches, and its overhead is part of the time.
"""
import argparse
import json
import os
import time

MOMENTUM, RATE = 0.9, 1e-3


def torch_block(layers, batch, threads, compiled=False):
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    modules = []
    for inputs, outputs in zip(layers, layers[1:]):
        modules += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    network = torch.nn.Sequential(*modules[:-1])
    x, classes = torch.randn(batch, layers[0]), torch.randint(0, layers[-1], (batch,))
    update = torch.optim.SGD(network.parameters(), lr=RATE, momentum=MOMENTUM, foreach=True)
    loss = torch.nn.CrossEntropyLoss()
    forward = torch.compile(network) if compiled else network

    def block(steps):
        for _ in range(steps):
            update.zero_grad(set_to_none=True)
            loss(forward(x), classes).backward()
            update.step()

    return block


def jax_block(layers, batch, threads):
    import functools

    import jax
    import jax.numpy as jnp

    keys = iter(jax.random.split(jax.random.PRNGKey(0), len(layers) + 2))
    theta = [(0.05 * jax.random.normal(next(keys), shape), jnp.zeros(shape[1])) for shape in zip(layers, layers[1:])]
    delta = jax.tree.map(jnp.zeros_like, theta)
    x = jax.random.normal(next(keys), (batch, layers[0]))
    classes = jax.random.randint(next(keys), (batch,), 0, layers[-1])

    def loss(theta):
        h = x
        for weights, bias in theta[:-1]:
            h = jax.nn.relu(h @ weights + bias)
        logits = h @ theta[-1][0] + theta[-1][1]
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), classes[:, None], axis=1).mean()

    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def step(theta, delta):
        value, gradient = jax.value_and_grad(loss)(theta)
        delta = jax.tree.map(lambda d, g: MOMENTUM * d - RATE * g, delta, gradient)
        return jax.tree.map(jnp.add, theta, delta), delta, value

    def block(steps):
        nonlocal theta, delta
        for _ in range(steps):
            theta, delta, value = step(theta, delta)
        value.block_until_ready()

    return block


def sklearn_block(layers, batch, threads):
    import warnings

    import numpy
    from sklearn.neural_network import MLPClassifier

    warnings.filterwarnings("ignore")
    random = numpy.random.default_rng(0)
    x = random.standard_normal((40 * batch, layers[0])).astype(numpy.float32)
    classes = random.integers(0, layers[-1], 40 * batch)
    classes[: layers[-1]] = numpy.arange(layers[-1])

    def block(steps):
        MLPClassifier(
            layers[1:-1], solver="sgd", batch_size=batch, max_iter=max(1, steps // 40), momentum=MOMENTUM,
            learning_rate_init=RATE, nesterovs_momentum=False, alpha=0, tol=0, n_iter_no_change=10**9,
        ).fit(x, classes)

    return block


PEERS = {
    "torch": torch_block,
    "torch-compile": lambda *arguments: torch_block(*arguments, compiled=True),
    "jax": jax_block,
    "sklearn": sklearn_block,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peer", required=True, choices=PEERS)
    parser.add_argument("--layers", required=True, help="inputs, hidden widths, outputs: 784,256,10")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    layers = [int(width) for width in arguments.layers.split(",")]

    # Before the frameworks are imported: they read these once.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(arguments.threads)
    if arguments.threads == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

    # A layer's forward and two gradients take 2·m·n·batch each; the first layer's input needs no gradient.
    flops = sum(
        (2 if index == 0 else 3) * 2.0 * inputs * outputs * arguments.batch
        for index, (inputs, outputs) in enumerate(zip(layers, layers[1:])))
    steps = max(20, min(3000, int(2e9 / flops)))
    if arguments.peer == "sklearn":
        steps = max(1, min(steps, 400) // 40) * 40
    block = PEERS[arguments.peer](layers, arguments.batch, arguments.threads)

    block(min(steps, 20))
    best = float("inf")
    for _ in range(arguments.repeats):
        start = time.perf_counter()
        block(steps)
        best = min(best, (time.perf_counter() - start) / steps)
    print(json.dumps({
        "peer": arguments.peer, "layers": layers, "batch": arguments.batch, "threads": arguments.threads,
        "microseconds": round(best * 1e6, 2), "gflops": round(flops / best * 1e-9, 1)}))


if __name__ == "__main__":
    main()
