#!/usr/bin/env python3
"""Measures Downhill beside its peers, and writes docs/BENCHMARKS.md.

    bench.py [PART …] [--peers PYTHON] [--rounds 7] [--render]

Without a PART all are measured: step, product, fit, predict, csv, threads, contention, scaling, start. Each result is kept
in Benchmarks/results/PART.json, and the page is written from all that are there; `--render` writes it without measuring.
Needs Python 3.9 alone; peers are found through --peers or $PEERS, a Python that has what peers/requirements.txt lists.
`make bench` builds first and runs this. Leave the machine alone meanwhile.
"""
import argparse
import json
import os
import shutil
import sys
import time

from harness import machine, page
from harness.bench import BENCHMARKS, Bench
from harness.others import Others
from harness.parts import PARTS

RESULTS = BENCHMARKS / "results"


def find_python(asked):
    if not asked:
        print("No peers: ours alone is measured. With them: PEERS=~/peers/bin/python make bench", file=sys.stderr)
        return None
    found = shutil.which(os.path.expanduser(asked))
    if found is None:
        sys.exit(f"{asked} is not there; --peers and PEERS name a Python that has the peers")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--peers", default=os.environ.get("PEERS"), help="a Python that has the peers")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each contestant")
    parser.add_argument("--block", type=float, default=0.06, help="seconds of a turn")
    parser.add_argument("--render", action="store_true", help="write the page from the results that are there")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part is named {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    RESULTS.mkdir(exist_ok=True)
    if not arguments.render:
        bench = Bench(find_python(arguments.peers), arguments.rounds, arguments.block)
        for name in arguments.parts or PARTS:
            bench.say(name)
            stamp, start, others = machine.stamp(bench.python), time.monotonic(), Others()
            try:
                result = PARTS[name].measure(bench)
            finally:
                bench.close()
            record = {"part": name, **stamp, "seconds": round(time.monotonic() - start), "others": others.share(),
                      "peers": bool(bench.python), "rounds": bench.rounds, "block": bench.block, "result": result}
            (RESULTS / f"{name}.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    page.write({name: json.loads((RESULTS / f"{name}.json").read_text())
                for name in PARTS if (RESULTS / f"{name}.json").exists()})


if __name__ == "__main__":
    main()
