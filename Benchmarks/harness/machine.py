"""The machine, and the versions of all that is measured."""
import datetime
import json
import pathlib
import platform
import re
import subprocess

from .bench import ROOT
from .server import processors

PACKAGES = ["torch", "jax", "jaxlib", "scikit-learn", "keras", "skorch", "onnxruntime", "numpy", "pandas", "polars",
            "duckdb", "pyarrow"]

MEASURED = ["Package.swift", "Sources", "Benchmarks/Package.swift", "Benchmarks/Sources"]


def read(path):
    try:
        return pathlib.Path(path).read_text().strip()
    except OSError:
        return None


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def caches():
    """`L1d 32K, L2 1024K, L3 32768K` of the first processor."""
    found = []
    for index in sorted(pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = (read(index / name) for name in ("level", "type", "size"))
        if level and size and kind != "Instruction":
            found.append(f"L{level}{'d' if kind == 'Data' else ''} {size}")
    return ", ".join(found) or None


def facts():
    info = read("/proc/cpuinfo") or ""
    model = re.search(r"model name\s*:\s*(.*)", info)
    flags = re.search(r"flags\s*:\s*(.*)", info)
    vectors = [name for name, flag in (("AVX2", "avx2"), ("AVX-512", "avx512f")) if flags and flag in flags[1].split()]
    system = re.search(r'PRETTY_NAME="(.*)"', read("/etc/os-release") or "")
    memory = re.search(r"MemTotal:\s*(\d+)", read("/proc/meminfo") or "")
    return {
        "processor": model[1] if model else platform.processor() or platform.machine(),
        "processors": f"{len(processors())}" + (", virtual" if "hypervisor" in info else ""),
        "vectors": ", ".join(vectors) or None,
        "caches": caches(),
        "governor": read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") or "not readable",
        "memory": f"{int(memory[1]) / 2**20:.0f} GiB" if memory else None,
        "system": f"{system[1] if system else platform.system()}, kernel {platform.release().split('-')[0]}",
    }


def versions(python):
    swift = re.search(r"Swift version (\S+)", output("swift", "--version") or "")
    found = {"Swift": swift[1] if swift else "unknown"}
    if python:
        code = ("import importlib.metadata as m, json, platform\n"
                "found = {'Python': platform.python_version()}\n"
                f"for name in {PACKAGES!r}:\n"
                "    try: found[name] = m.version(name)\n"
                "    except m.PackageNotFoundError: pass\n"
                "print(json.dumps(found))")
        found |= json.loads(output(python, "-c", code) or "{}")
    return found


def stamp(python):
    """What a part's result is kept with."""
    changed = output("git", "status", "--porcelain", "--untracked-files=no", "--", *MEASURED)
    # The last one that changed what is measured: results and words don't count.
    commit = output("git", "log", "-1", "--format=%h", "--abbrev=10", "--", *MEASURED) or "unknown"
    return {
        "date": datetime.date.today().isoformat(),
        "commit": commit + (" with changes" if changed else ""),
        "machine": facts(),
        "versions": versions(python),
    }
