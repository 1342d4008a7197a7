"""A peer as a server: it is asked for work line by line in JSON, and answers how long it took.

    {"do": "prepare", "name": "a", "spec": {"kind": "step", "layers": [4, 16, 3], "batch": 32}}  →  {}
    {"do": "run", "name": "a", "count": 1000}  →  {"seconds": 0.3, "count": 1000}
    {"do": "facts", "name": "a"}  →  {"facts": {…}, "peak": 12345678}
    {"do": "drop", "name": "a"}  →  {}

So a framework is imported once, and takes turns with others block by block. `downhill-benchmark serve` is ours.
"""
import gc
import json
import os
import sys
import time


class Unsupported(Exception):
    """What a framework has not."""


def peak_memory():
    """The most memory that this process has had at once, in bytes; None where the system doesn't say."""
    try:
        with open("/proc/self/status") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None


class Work:
    """`run(count)` does it and may return how often it really did; `facts()` says what there is beside the time."""

    def __init__(self, run, facts=dict):
        self.run = run
        self.facts = facts


def flops(spec):
    """Of the products of one step: forward and two gradients take 2·m·n·batch each, but the first layer's input needs no
    gradient."""
    layers = spec["layers"]
    return sum((2 if index == 0 else 3) * 2.0 * inputs * outputs * spec["batch"]
               for index, (inputs, outputs) in enumerate(zip(layers, layers[1:])))


def answer(question, works, makers):
    name, spec = question["name"], question.get("spec", {})
    if question["do"] == "prepare":
        if spec["kind"] not in makers:
            raise Unsupported(f"no {spec['kind']} here")
        works[name] = makers[spec["kind"]](spec)
    elif question["do"] == "drop":
        del works[name]
        gc.collect()
    elif question["do"] == "facts":
        return {"facts": works[name].facts(), "peak": peak_memory()}
    else:
        start = time.perf_counter()
        count = works[name].run(question["count"])
        return {"seconds": time.perf_counter() - start, "count": count or question["count"]}
    return {}


def serve(**makers):
    """Answers until there are no more questions. Each maker takes a spec and returns a `Work`."""
    # Frameworks print to standard output as they like; answers go where nothing else does.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    works = {}
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line), works, makers)
        except Unsupported as error:
            reply = {"error": str(error)}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(reply), file=answers, flush=True)
