"""What busy neighbours cost: a step on all processors while a process runs on each of them."""
import os
import signal
import statistics
import subprocess
import sys

from ..bench import OURS, TITLES
from ..server import processors
from ..shapes import parse
from ..tables import number, table
from ..turns import Contestant

TITLE = "Busy neighbours"
SHAPES = ["16-64-64-3@256", "784-256-128-10@256", "784-2048-2048-10@128"]
# Longer than the slices of time that the system hands out.
BLOCK = 0.25


class Neighbours:
    """A process on each processor that does nothing, busily, when it is let."""

    def __init__(self):
        command = [sys.executable, "-c", "while True: pass"]
        self.processes = [
            subprocess.Popen(["taskset", "-c", str(number), *command]) for number in processors()]
        self.rest()

    def work(self):
        self._signal(signal.SIGCONT)

    def rest(self):
        self._signal(signal.SIGSTOP)

    def _signal(self, which):
        for process in self.processes:
            os.kill(process.pid, which)

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()


def measure(bench):
    lines, neighbours, threads = [], Neighbours(), len(processors())
    try:
        for shape in SHAPES:
            spec = {"kind": "step", "threads": threads, **parse(shape)}
            contestants = [
                Contestant(name, bench.server(name, threads), spec) for name in [OURS, *bench.available(["torch", "jax"])]]
            times = {contestant.label: {"quiet": [], "busy": []} for contestant in contestants}
            for contestant in contestants:
                contestant.prepare()
                contestant.calibrate(BLOCK)
            for _ in range(bench.rounds):
                for contestant in contestants:
                    times[contestant.label]["quiet"].append(contestant.turn())
                    neighbours.work()
                    times[contestant.label]["busy"].append(contestant.turn())
                    neighbours.rest()
            for contestant in contestants:
                contestant.drop()
            lines.append({"case": {"title": shape}, "times": times})
            bench.say(f"  {shape}")
    finally:
        neighbours.end()
    return {"lines": lines, "processors": threads}


def slowdown(times):
    return statistics.median(b / q for q, b in zip(times["quiet"], times["busy"]))


def render(result):
    rows = []
    for line in result["lines"]:
        slowest = {label: slowdown(times) for label, times in line["times"].items()}
        for label, times in line["times"].items():
            quiet, busy = (statistics.median(times[which]) * 1e6 for which in ("quiet", "busy"))
            rows.append([line["case"]["title"], TITLES[label], number(quiet), number(busy), f"{slowest[label]:.2f}×"])
    return [f"A step with {result['processors']} threads, in microseconds, alone and with a busy process on each of the "
            f"{result['processors']} processors; quiet and busy turns alternate. Half the processors' time would be "
            "2.00×.", ""] + table(["step", "", "alone, µs", "beside them, µs", "slower by"], rows)


def compared(result):
    for line in result["lines"]:
        ours = line["times"][OURS]
        for label, times in line["times"].items():
            if label != OURS:
                value = statistics.median(b / a for a, b in zip(ours["busy"], times["busy"]))
                yield f"{line['case']['title']}, busy neighbours", TITLES[label], value
