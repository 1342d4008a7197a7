"""The time of a prediction: single rows and batches."""
import subprocess

from ..bench import OURS, PEERS, SCRATCH
from ..shapes import parse
from ..tables import compared as table
from ..tables import comparisons
from ..turns import Contestant, take_turns

TITLE = "A prediction"
SHAPES = [f"16-64-64-3@{batch}" for batch in (1, 32, 1024, 65536)] + ["784-256-128-10@1", "784-256-128-10@1024"]


def onnx_model(bench, layers):
    path = SCRATCH / f"{'-'.join(map(str, layers))}.onnx"
    subprocess.run(
        [bench.python, PEERS / "with_onnxruntime.py", "--model", path, ",".join(map(str, layers))], check=True)
    return str(path)


def onnx_library(bench):
    return subprocess.run(
        [bench.python, PEERS / "with_onnxruntime.py", "--library"], check=True, capture_output=True,
        text=True).stdout.strip()


def measure(bench):
    lines, has_onnx = [], bench.has("onnxruntime") and bench.has("onnx")
    library = onnx_library(bench) if has_onnx else None
    for shape in SHAPES:
        spec = {"kind": "predict", "threads": 1, **parse(shape)}
        peers = bench.available(["torch"])
        contestants = [Contestant(name, bench.server(name, 1), spec) for name in [OURS, *peers]]
        if has_onnx:
            spec = spec | {"model": onnx_model(bench, spec["layers"]), "library": library}
            contestants.insert(1, Contestant("onnxruntime-c", bench.server(OURS, 1), spec | {"kind": "onnxruntime"}))
            contestants[2:2] = [
                Contestant(name, bench.server(name, 1), spec) for name in ("onnxruntime-bound", "onnxruntime")]
        lines.append(take_turns(bench, contestants, {"title": shape}))
    return {"lines": lines}


def render(result):
    return ["Microseconds a call, one thread, into memory that is there already where the peer can (*bound* is "
            "`run_with_iobinding`). *ONNX Runtime, C* is its C interface called from a compiled loop, without Python; "
            "Downhill is called from Swift.", ""] + table(result["lines"], 1e6, "µs")


def compared(result):
    return comparisons(result["lines"])
