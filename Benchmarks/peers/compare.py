#!/usr/bin/env python3
"""Our training step beside another framework's, run in turns, as a Markdown table.

    compare.py --peer torch [--rounds 3] [--threads 1] [--shapes "16,64,64,3@32 784,256,128,10@256"]

Each round runs ours and the peer's after one another, so that a busy minute of the machine falls on both; which goes
first alternates. Shown are the medians over the rounds, and the median of the rounds' ratios: how many times as fast
ours is. Build first: `swift build -c release --package-path Benchmarks`.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SHAPES = "4,16,3@32 16,64,64,3@32 64,100,10@64 100,256,256,256,2@256 784,128,10@64 784,256,128,10@256 784,512,512,10@128"


def step_time(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stderr.strip()}")
    return json.loads(result.stdout.splitlines()[-1])["microseconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peer", default="torch", choices=["torch", "torch-compile", "jax", "sklearn"])
    parser.add_argument("--shapes", default=SHAPES, help="layers@batch, several with spaces between them")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--benchmark", default=HERE.parent / ".build" / "release" / "downhill-benchmark")
    arguments = parser.parse_args()
    if not pathlib.Path(arguments.benchmark).exists():
        sys.exit(f"{arguments.benchmark} is not there; build it: swift build -c release --package-path {HERE.parent}")

    print(f"| layers | batch | Downhill, µs | {arguments.peer}, µs | times as fast |")
    print("|---|---:|---:|---:|---:|")
    for shape in arguments.shapes.split():
        layers, batch = shape.split("@")
        settings = ["--layers", layers, "--batch", batch, "--threads", str(arguments.threads),
                    "--repeats", str(arguments.repeats)]
        commands = [
            [arguments.benchmark, "step", "--json", *settings],
            [sys.executable, HERE / "step_time.py", "--peer", arguments.peer, *settings],
        ]
        times = [[], []]
        for number in range(arguments.rounds):
            for which in (0, 1) if number % 2 == 0 else (1, 0):
                times[which].append(step_time(commands[which]))
        ours, theirs = map(statistics.median, times)
        ratio = statistics.median(peer / our for our, peer in zip(*times))
        print(f"| {layers.replace(',', '-')} | {batch} | {ours:.2f} | {theirs:.2f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
