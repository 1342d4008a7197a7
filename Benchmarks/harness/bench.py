"""Where things are, which peers there are, and how long to measure."""
import pathlib
import subprocess
import sys

from . import server

BENCHMARKS = pathlib.Path(__file__).resolve().parents[1]
ROOT = BENCHMARKS.parent
PEERS = BENCHMARKS / "peers"
# Generated files, and what else is no part of the sources.
SCRATCH = BENCHMARKS / ".build" / "bench"

OURS = "downhill"
# Name: (title, the package it needs, arguments after the interpreter)
SERVERS = {
    "torch": ("PyTorch", "torch", ["with_torch.py"]),
    "torch-compile": ("torch.compile", "torch", ["with_torch.py", "--compile"]),
    "torch-last": ("PyTorch, channels last", "torch", ["with_torch.py", "--channels-last"]),
    "torch-loader": ("PyTorch, DataLoader", "torch", ["with_torch.py", "--loader"]),
    "jax": ("JAX", "jax", ["with_jax.py"]),
    "jax-scan": ("JAX, scan", "jax", ["with_jax.py", "--scan"]),
    "sklearn": ("scikit-learn", "sklearn", ["with_sklearn.py"]),
    "keras": ("Keras", "keras", ["with_keras.py"]),
    "skorch": ("skorch", "skorch", ["with_skorch.py"]),
    "onnxruntime": ("ONNX Runtime, Python", "onnxruntime", ["with_onnxruntime.py"]),
    "onnxruntime-bound": ("ONNX Runtime, Python, bound", "onnxruntime", ["with_onnxruntime.py", "--bound"]),
}
TITLES = {OURS: "Downhill", "onnxruntime-c": "ONNX Runtime, C"} | {name: value[0] for name, value in SERVERS.items()}


class Bench:
    def __init__(self, python=None, rounds=7, block=0.06):
        """`python`: an interpreter that has the peers, or None; `block`: seconds of one turn."""
        self.python = python
        self.rounds = rounds
        self.block = block
        self.ours = BENCHMARKS / ".build" / "release" / "downhill-benchmark"
        self.command = ROOT / ".build" / "release" / "downhill"
        self._servers = {}
        self._packages = {}
        for program in (self.ours, self.command):
            if not program.exists():
                sys.exit(f"{program.relative_to(ROOT)} is not there; `make bench` builds it")
        SCRATCH.mkdir(parents=True, exist_ok=True)

    def has(self, package):
        """Whether the peers' interpreter has a package; without looking, it is not imported."""
        if self.python is None:
            return False
        if package not in self._packages:
            code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
            self._packages[package] = subprocess.run([self.python, "-c", code]).returncode == 0
        return self._packages[package]

    def available(self, names):
        """Those of the named peers that are installed."""
        return [name for name in names if self.has(SERVERS[name][1])]

    def server(self, name, threads):
        """The server of that name with so many threads; started once, and kept for the part that is measured."""
        known = self._servers.get((name, threads))
        if known is None or not known.is_alive:
            command = [self.ours, "serve"] if name == OURS else [self.python, *self._script(SERVERS[name][2])]
            known = self._servers[name, threads] = server.Server(command, threads)
        return known

    def _script(self, arguments):
        return [PEERS / arguments[0], *arguments[1:]]

    def close(self):
        for known in self._servers.values():
            known.close()
        self._servers = {}

    def say(self, text):
        print(text, file=sys.stderr, flush=True)
