"""The machine: what it is, how busy it is, and what processor time and memory a process takes."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Collection
from importlib import metadata
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")
_QUIET = 0.5
_PACKAGES = (
    "aio-pika",
    "asyncpg",
    "celery",
    "dramatiq",
    "faststream",
    "kombu",
    "msgspec",
    "nameko",
    "pika",
    "psycopg",
    "sqlalchemy",
)


def describe() -> dict[str, Any]:
    """Return what the figures depend on."""
    cpu = _first_line(Path("/proc/cpuinfo"), "model name")
    memory = _first_line(Path("/proc/meminfo"), "MemTotal")
    return {
        "system": platform.platform(),
        "processor": cpu,
        "processors": os.cpu_count(),
        "memory_gib": round(int(memory.split()[0]) / 2**20, 1),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
    }


def load() -> float:
    """Return how many processes wanted to run, on average over the last minute."""
    return round(os.getloadavg()[0], 2)


def wait_for_quiet(seconds: float) -> float:
    """Wait until the machine is idle, at most ``seconds``, and return its load."""
    deadline = time.monotonic() + seconds
    while load() > _QUIET and time.monotonic() < deadline:
        time.sleep(2)
    return load()


def processor_seconds(pids: Collection[int]) -> float:
    """Return the processor time that these processes and their descendants have used, also those that have ended."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        pid = int(folder.name)
        parents[pid], ticks[pid] = int(fields[1]), sum(map(int, fields[11:15]))
    found, grown = set(pids), True
    while grown:
        children = {child for child, parent in parents.items() if parent in found} - found
        found |= children
        grown = bool(children)
    return sum(ticks.get(pid, 0) for pid in found) / _TICKS


def memory_mib(pid: int) -> float:
    """Return the resident memory of a process in MiB, shared pages counted in part (PSS)."""
    line = _first_line(Path(f"/proc/{pid}/smaps_rollup"), "Pss")
    return round(int(line.split()[0]) / 1024, 1)


def _first_line(file: Path, name: str) -> str:
    return next(line.partition(":")[2].strip() for line in file.read_text().splitlines() if line.startswith(name))
