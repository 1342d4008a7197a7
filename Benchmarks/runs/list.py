#!/usr/bin/env python3
"""Times `downhill runs list` over a database of 10,000 runs that is filled here, with 20 epochs each.

    list.py [--command .build/release/downhill] [--runs 10000]

The first run is a real training; the others are copies of it with other metrics, made by SQLite. Printed: the median of eleven
processes, in ms, for each way to ask.
"""
import argparse
import pathlib
import sqlite3
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def fill(path, count):
    database = sqlite3.connect(path)
    columns = [row[1] for row in database.execute("PRAGMA table_info(run)") if row[1] != "id"]
    names = ", ".join(columns)
    values = ", ".join("started + n.i" if name == "started" else name for name in columns)
    database.execute("CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (VALUES(2) UNION ALL SELECT i + 1 FROM c WHERE i < ?)"
                     " SELECT i FROM c", (count,))
    database.execute(f"INSERT INTO run (id, {names}) SELECT n.i, {values} FROM run, n WHERE run.id = 1")
    database.execute("INSERT INTO metric SELECT n.i, name, abs(random() % 1000000) / 1e6 FROM metric, n WHERE run = 1")
    database.execute("INSERT INTO event SELECT n.i, number, time, body FROM event, n WHERE run = 1")
    database.commit()
    database.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", type=pathlib.Path, default=ROOT / ".build" / "release" / "downhill")
    parser.add_argument("--runs", type=int, default=10_000)
    arguments = parser.parse_args()
    command = arguments.command.resolve()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "runs.sqlite"
        subprocess.run([command, "train", ROOT / "Data" / "penguins.csv", "--target", "species", "--epochs", "20", "--quiet",
                        "--model", "m.safetensors", "--runs", path], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        fill(path, arguments.runs)
        print(f"{arguments.runs} runs, {path.stat().st_size >> 20} MB")
        for more in [[], ["--sort", "accuracy"], ["--filter", "accuracy>0.9"], ["--sort", "learning-rate"],
                     ["--limit", "0"], ["--limit", "0", "--sort", "accuracy"], ["--json"]]:
            seconds = []
            for _ in range(11):
                start = time.perf_counter()
                subprocess.run([command, "runs", "list", "--runs", path, *more], check=True, stdout=subprocess.DEVNULL)
                seconds.append(time.perf_counter() - start)
            print(f"{' '.join(['list', *more]):40} {1000 * statistics.median(seconds):6.0f}  (least {1000 * min(seconds):.0f})")


if __name__ == "__main__":
    main()
