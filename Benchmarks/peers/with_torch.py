"""PyTorch as a peer: steps, predictions, epochs and whole trainings."""
import os
import sys

import torch

import serving

MOMENTUM, RATE = 0.9, 1e-3
ACTIVATIONS = {
    "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "gelu": torch.nn.GELU,
    "silu": torch.nn.SiLU, "mish": torch.nn.Mish,
}


def classifier(spec):
    layers, modules = spec["layers"], convolutions(spec)
    for inputs, outputs in zip(layers, layers[1:]):
        modules += [torch.nn.Linear(inputs, outputs), ACTIVATIONS[spec.get("activation", "relu")]()]
    return torch.nn.Sequential(*modules[:-1])


def convolutions(spec):
    """On images of 28 × 28, each with half the image's sides behind it."""
    modules, inputs = [], 1
    for outputs in spec.get("channels", []):
        modules += [torch.nn.Conv2d(inputs, outputs, 3, padding=1), torch.nn.MaxPool2d(2), ACTIVATIONS["relu"]()]
        inputs = outputs
    return modules and [*modules, torch.nn.Flatten()]


def optimizer(spec, network, rate):
    if spec.get("optimizer") == "adam":
        return torch.optim.Adam(network.parameters(), lr=rate, foreach=True)
    return torch.optim.SGD(network.parameters(), lr=rate, momentum=MOMENTUM, foreach=True)


def begin(spec):
    torch.set_num_threads(spec.get("threads", 1))
    torch.manual_seed(0)


def step(spec, compiled=False, channels_last=False):
    begin(spec)
    layers, batch = spec["layers"], spec["batch"]
    network = classifier(spec)
    shape = (1, 28, 28) if "channels" in spec else (layers[0],)
    x, classes = torch.randn(batch, *shape), torch.randint(0, layers[-1], (batch,))
    if channels_last:
        network, x = network.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    update, loss = optimizer(spec, network, RATE), torch.nn.CrossEntropyLoss()
    forward = torch.compile(network) if compiled else network

    def run(count):
        for _ in range(count):
            update.zero_grad(set_to_none=True)
            loss(forward(x), classes).backward()
            update.step()

    return serving.Work(run)


def predict(spec):
    begin(spec)
    network = torch.nn.Sequential(classifier(spec), torch.nn.Softmax(dim=1)).eval()
    x = torch.randn(spec["batch"], spec["layers"][0])

    def run(count):
        with torch.inference_mode():
            for _ in range(count):
                network(x)

    return serving.Work(run)


def train(spec, network, x, classes, epochs):
    """The plain loop: everything in memory, a batch by a list of row numbers."""
    update, loss, batch = optimizer(spec, network, spec["rate"]), torch.nn.CrossEntropyLoss(), spec["batch"]
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            update.zero_grad(set_to_none=True)
            loss(network(x[rows]), classes[rows]).backward()
            update.step()


def train_with_loader(spec, network, x, classes, epochs):
    """The loop of the tutorials: TensorDataset and DataLoader."""
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(x, classes), batch_size=spec["batch"], shuffle=True)
    update, loss = optimizer(spec, network, spec["rate"]), torch.nn.CrossEntropyLoss()
    for _ in range(epochs):
        for inputs, targets in loader:
            update.zero_grad(set_to_none=True)
            loss(network(inputs), targets).backward()
            update.step()


def epoch(spec):
    begin(spec)
    layers, rows = spec["layers"], spec["rows"]
    network = classifier(spec)
    x, classes = torch.randn(rows, layers[0]), torch.randint(0, layers[-1], (rows,))
    return serving.Work(lambda count: train(spec, network, x, classes, count))


def fit(spec, loop=train):
    import images

    begin(spec)
    x, classes = map(torch.from_numpy, images.read(spec["images"], "train"))
    network = None

    def run(count):
        nonlocal network
        for _ in range(count):
            network = classifier(spec)
            loop(spec, network, x, classes, spec["epochs"])

    def facts():
        x, classes = map(torch.from_numpy, images.read(spec["images"], "t10k"))
        with torch.inference_mode():
            return {"accuracy": (network(x).argmax(1) == classes).double().mean().item()}

    return serving.Work(run, facts)


if __name__ == "__main__":
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", 1)))
    if "--compile" in sys.argv:
        serving.serve(step=lambda spec: step(spec, compiled=True))
    elif "--channels-last" in sys.argv:
        serving.serve(step=lambda spec: step(spec, channels_last=True))
    elif "--loader" in sys.argv:
        serving.serve(fit=lambda spec: fit(spec, train_with_loader))
    else:
        serving.serve(step=step, predict=predict, epoch=epoch, fit=fit)
