"""Keras as a peer: `fit` on arrays in memory. The backend is KERAS_BACKEND's, jax unless it says otherwise."""
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras

import images
import serving


def fit(spec):
    x, classes = images.read(spec["images"], "train")
    layers = spec["layers"]
    network = None

    def run(count):
        nonlocal network
        for _ in range(count):
            network = keras.Sequential(
                [keras.layers.Input((layers[0],))]
                + [keras.layers.Dense(width, "relu") for width in layers[1:-1]]
                + [keras.layers.Dense(layers[-1], "softmax")])
            network.compile(keras.optimizers.SGD(spec["rate"], momentum=0.9), "sparse_categorical_crossentropy")
            network.fit(x, classes, batch_size=spec["batch"], epochs=spec["epochs"], verbose=0)

    def facts():
        x, classes = images.read(spec["images"], "t10k")
        return {"accuracy": float((network.predict(x, batch_size=1024, verbose=0).argmax(1) == classes).mean())}

    return serving.Work(run, facts)


if __name__ == "__main__":
    serving.serve(fit=fit)
