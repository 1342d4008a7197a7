#!/usr/bin/env python3
"""Measures Downhill beside its peers, and writes docs/BENCHMARKS.md, its chart and README.md's table.

    bench.py [PART …] [--peers PYTHON] [--rounds 7] [--quick] [--render]

Without a PART all are measured: step, convolution, product, fit, predict, csv, threads, contention, scaling, start. Each result is kept
in Benchmarks/results/PART.json, and the page is written from all that are there; `--render` writes it without measuring.
A part is measured again, twice at most, where others had more than 5 % of the processors' time. A run that lacks a peer
which the kept result has, and `--quick`, print their numbers and leave results and page alone.
Needs Python 3.9 alone; peers are found through --peers or $PEERS, a Python that has what peers/requirements.txt lists.
`make bench` builds first and runs this. Leave the machine alone meanwhile.
"""
import argparse
import os
import shutil
import sys

from harness import page, quiet, results
from harness.bench import Bench
from harness.parts import PARTS


def find_python(asked):
    if not asked:
        print("No peers: ours alone is measured. With them: PEERS=~/peers/bin/python make bench", file=sys.stderr)
        return None
    found = shutil.which(os.path.expanduser(asked))
    if found is None:
        sys.exit(f"{asked} is not there; --peers and PEERS name a Python that has the peers")
    return found


def why_not_kept(record, known, is_quick):
    """Why a result does not take the place of the one that is kept; None where it does."""
    if is_quick:
        return "--quick is for trying"
    lacking = results.lacking(record, known) if known else []
    return f"the result that is kept has {'; '.join(lacking)}, and this one has not" if lacking else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--peers", default=os.environ.get("PEERS"), help="a Python that has the peers")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each contestant")
    parser.add_argument("--block", type=float, default=0.06, help="seconds of a turn")
    parser.add_argument("--quick", action="store_true", help="two short turns, to try the code; nothing is kept")
    parser.add_argument("--render", action="store_true", help="write the page from the results that are there")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part is named {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if arguments.render:
        return page.write(results.load())
    rounds, block = (2, 0.01) if arguments.quick else (arguments.rounds, arguments.block)
    bench = Bench(find_python(arguments.peers), rounds, block)
    for name in arguments.parts or PARTS:
        bench.say(name)
        record = quiet.measure(name, bench, tries=1 if arguments.quick else quiet.TRIES)
        reason = why_not_kept(record, results.load().get(name), arguments.quick)
        if reason:
            print("\n".join([*page.section(record), "", f"Results and page are left alone: {reason}.", ""]), flush=True)
        else:
            results.save(record)
            page.write(results.load())


if __name__ == "__main__":
    main()
