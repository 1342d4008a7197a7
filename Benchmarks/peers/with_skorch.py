"""skorch as a peer: scikit-learn's interface to PyTorch."""
import os

import skorch
import torch

import images
import serving
import with_torch


def fit(spec):
    with_torch.begin(spec)
    x, classes = images.read(spec["images"], "train")
    network = None

    def run(count):
        nonlocal network
        for _ in range(count):
            network = skorch.NeuralNetClassifier(
                with_torch.classifier(spec), criterion=torch.nn.CrossEntropyLoss, optimizer=torch.optim.SGD,
                optimizer__momentum=0.9, lr=spec["rate"], batch_size=spec["batch"], max_epochs=spec["epochs"],
                iterator_train__shuffle=True, train_split=None, verbose=0)
            network.fit(x, classes)

    def facts():
        x, classes = images.read(spec["images"], "t10k")
        return {"accuracy": float((network.predict(x) == classes).mean())}

    return serving.Work(run, facts)


if __name__ == "__main__":
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", 1)))
    serving.serve(fit=fit)
