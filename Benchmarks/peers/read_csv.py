#!/usr/bin/env python3
"""Seconds to read a CSV file into typed columns in another library, and the most memory that it took.

    read_csv.py --peer pandas FILE

Types are found out from the file, the whole of it where the library can. The import is not part of the time. Prints one
JSON object, as `downhill-benchmark csv FILE` does. Threads: OMP_NUM_THREADS, or as many as there are processors.
"""
import argparse
import json
import os
import time

import serving

THREADS = int(os.environ.get("OMP_NUM_THREADS", os.cpu_count()))


def pandas_reader():
    import pandas

    return pandas.read_csv, lambda frame: frame.shape


def polars_reader():
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)
    import polars

    return polars.read_csv, lambda frame: frame.shape


def duckdb_reader():
    import duckdb

    connection = duckdb.connect(config={"threads": THREADS})

    def read(path):
        connection.execute("CREATE TABLE t AS SELECT * FROM read_csv($path)", {"path": path})
        return connection

    def shape(connection):
        rows = connection.execute("SELECT count(*) FROM t").fetchone()[0]
        return rows, len(connection.execute("DESCRIBE t").fetchall())

    return read, shape


def pyarrow_reader():
    import pyarrow
    import pyarrow.csv

    pyarrow.set_cpu_count(THREADS)
    return pyarrow.csv.read_csv, lambda table: table.shape


READERS = {"pandas": pandas_reader, "polars": polars_reader, "duckdb": duckdb_reader, "pyarrow": pyarrow_reader}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peer", required=True, choices=READERS)
    parser.add_argument("file")
    arguments = parser.parse_args()
    read, shape = READERS[arguments.peer]()
    start = time.perf_counter()
    table = read(arguments.file)
    seconds = time.perf_counter() - start
    rows, columns = shape(table)
    print(json.dumps({"seconds": seconds, "rows": rows, "columns": columns, "peak": serving.peak_memory()}))


if __name__ == "__main__":
    main()
