"""scikit-learn as a peer. It has no call for one step: `fit` runs over 40 batches, 8 where steps are long, and its overhead
is part of the time."""
import warnings

import numpy
from sklearn.neural_network import MLPClassifier

import serving

MOMENTUM, RATE = 0.9, 1e-3
ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}


def step(spec):
    layers, batch, activation = spec["layers"], spec["batch"], spec.get("activation", "relu")
    if activation not in ACTIVATIONS:
        raise serving.Unsupported(f"no {activation} in scikit-learn")
    warnings.filterwarnings("ignore")
    batches = 40 if serving.flops(spec) < 1e9 else 8
    random = numpy.random.default_rng(0)
    x = random.standard_normal((batches * batch, layers[0])).astype(numpy.float32)
    classes = random.integers(0, layers[-1], batches * batch)
    classes[: layers[-1]] = numpy.arange(layers[-1])
    solver = {"adam": "adam"}.get(spec.get("optimizer"), "sgd")

    def run(count):
        epochs = max(1, count // batches)
        MLPClassifier(
            layers[1:-1], activation=ACTIVATIONS[activation], solver=solver, batch_size=batch, max_iter=epochs,
            momentum=MOMENTUM, learning_rate_init=RATE, nesterovs_momentum=False, alpha=0, tol=0,
            n_iter_no_change=10**9,
        ).fit(x, classes)
        return epochs * batches

    return serving.Work(run)


if __name__ == "__main__":
    serving.serve(step=step)
