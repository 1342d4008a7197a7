"""A process that is asked for work over a pipe: ours or a peer's."""
import json
import os
import select
import shutil
import signal
import subprocess

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


class PeerError(Exception):
    """Why a peer has no number."""


def processors():
    """The numbers of the processors that may be used."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count()))


def pinned(command, threads):
    """The command, kept to as many processors as it may have threads: some frameworks use all that they see."""
    if not shutil.which("taskset"):
        return list(map(str, command))
    chosen = ",".join(map(str, processors()[-threads:]))
    return ["taskset", "-c", chosen, *map(str, command)]


def environment(threads, **more):
    return {**os.environ, **{name: str(threads) for name in THREAD_VARIABLES}, **more}


class Server:
    """Speaks the JSON lines of peers/serving.py. It is stopped while nobody asks it for anything: threads of frameworks
    look out for work long after there was any, and would take the time of whoever has its turn."""

    def __init__(self, command, threads, patience=300):
        self.patience = patience
        self.process = subprocess.Popen(
            pinned(command, threads), env=environment(threads), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)

    def ask(self, **question):
        try:
            self.process.send_signal(signal.SIGCONT)
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
        except OSError:
            raise PeerError("the process ended") from None
        if not select.select([self.process.stdout], [], [], self.patience)[0]:
            self.close()
            raise PeerError(f"no answer within {self.patience} s")
        line = self.process.stdout.readline()
        if not line:
            raise PeerError("the process ended")
        self.process.send_signal(signal.SIGSTOP)
        reply = json.loads(line)
        if reply.get("error"):
            raise PeerError(reply["error"])
        return reply

    @property
    def is_alive(self):
        return self.process.poll() is None

    def close(self):
        if self.is_alive:
            self.process.kill()
        self.process.wait()
