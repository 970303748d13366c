"""One large file through ``chuan process``: the rate must not fall as the data grows, and memory must stay flat."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from services.cli import sample_year
from shared.contracts.codec import encode

_YEAR, _SEED = 2025, 7
_PARTS = 5


class Sample(NamedTuple):
    """How far a run was at a moment: seconds since its start, those of the processor, events journalled, resident memory."""

    seconds: float
    processor_seconds: float
    journalled: int
    megabytes: float


def measure(events: int) -> dict[str, Any]:
    """Process about ``events`` events in a process of their own; return rate by part of the run, and the peak of its memory."""
    with tempfile.TemporaryDirectory() as folder:
        file, data = Path(folder) / "year.jsonl", Path(folder) / "data"
        written = _write(file, events)
        samples, summary = _run(file, data)
    # By the processor's time, too: that does not tell of what else the machine was doing.
    rates, own = _rates(samples, "seconds"), _rates(samples, "processor_seconds")
    return {
        "events": written,
        "journalled": summary["journalled"],
        "seconds": summary["seconds"],
        "events_per_second": summary["events_per_second"],
        "journalled_per_second_by_part": rates,
        "journalled_per_processor_second_by_part": own,
        "last_part_to_median": round(own[-1] / statistics.median(own), 3) if own else None,
        "peak_megabytes": max(sample.megabytes for sample in samples),
    }


def _write(file: Path, events: int) -> int:
    with file.open("wb") as lines:
        number = 0
        for number, event in enumerate(sample_year.events(_SEED, _YEAR, events), start=1):  # noqa: B007 - counted
            lines.write(encode(event) + b"\n")
    return number


def _run(file: Path, data: Path) -> tuple[list[Sample], dict[str, Any]]:
    command = [sys.executable, "-m", "services.cli", "process", str(file), "--data", str(data), "--json"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "CHUAN_LOG_LEVEL": "ERROR"}
    )
    began, samples = time.monotonic(), []
    finished = threading.Event()
    output: list[bytes] = []

    def read() -> None:
        output.append(process.communicate()[0])
        finished.set()

    threading.Thread(target=read, daemon=True).start()
    while not finished.wait(0.25):
        megabytes = _resident(process.pid)
        if megabytes:
            samples.append(Sample(time.monotonic() - began, _worked(process.pid), _journalled(data), megabytes))
    if process.returncode:
        raise SystemExit(f"chuan process ended with {process.returncode}")
    return samples, json.loads(output[0].splitlines()[-1])


def _rates(samples: list[Sample], clock: str) -> list[int]:
    """Return journalled events a second of ``clock`` in equal parts of the work, from the first journalled event to the last."""
    moving = [sample for sample in samples if sample.journalled]
    if len(moving) <= _PARTS:
        return []
    first, last = moving[0].journalled, moving[-1].journalled
    marks = [first + (last - first) * part / _PARTS for part in range(_PARTS + 1)]
    reached = [next(sample for sample in moving if sample.journalled >= mark) for mark in marks]
    return [
        round((after.journalled - before.journalled) / max(getattr(after, clock) - getattr(before, clock), 0.25))
        for before, after in pairwise(reached)
    ]


def _resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


def _worked(pid: int) -> float:
    """Return the seconds a process has used of the processor, 0 when it is gone."""
    try:
        user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except FileNotFoundError:
        return 0.0
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _journalled(data: Path) -> int:
    """Return the newest number of the journal, without a scan: it is never reused and nothing is removed."""
    import sqlite3  # noqa: PLC0415 - only this reads a database past SQLAlchemy, from outside and while it is written

    try:
        with sqlite3.connect(f"file:{data}/reporting.db?mode=ro", uri=True) as connection:
            return int(connection.execute("select coalesce(max(seq), 0) from journal").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
