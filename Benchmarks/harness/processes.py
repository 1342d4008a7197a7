"""Whole processes, from start to end."""
import os
import subprocess
import tempfile
import time

from .server import PeerError, environment, pinned


def run(command, threads):
    """What it printed, the seconds that it took, and the most memory that it had in bytes."""
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as complaint:
        start = time.perf_counter()
        process = subprocess.Popen(
            pinned(command, threads), env=environment(threads), stdin=subprocess.DEVNULL, stdout=printed,
            stderr=complaint)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        complaint.seek(0)
        if process.returncode != 0:
            raise PeerError((complaint.read().strip().splitlines() or [f"exit code {process.returncode}"])[-1])
        return printed.read(), seconds, 1024 * usage.ru_maxrss


def take_turns(commands, threads, rounds, read):
    """For each label a list of what `read(printed, seconds, peak)` makes of a run; processes alternate."""
    found, missing = {label: [] for label in commands}, {}
    order = list(commands)
    for number in range(rounds):
        start = number % len(order)
        for label in order[start:] + order[:start]:
            if label in missing:
                continue
            try:
                found[label].append(read(*run(commands[label], threads)))
            except PeerError as error:
                missing[label] = str(error)
                found[label] = []
    return found, missing
