"""`chuan process` on real input: the same figures after any interruption, in any order, twice over, and with bad lines."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.cli import sample_year
from shared.contracts.codec import encode

_EVENTS = 1500
# What depends on the machine and the moment, not on the events.
_PHYSICAL = ("new", "seconds", "events_per_second", "latency_p50_ms", "latency_p99_ms", "lines", "data", "url")


def chuan(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def processed(file: Path, data: Path, *more: str) -> dict[str, Any]:
    """Process ``file`` into ``data`` and return the summary."""
    done = chuan("process", file, "--data", data, "--json", *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def figures(summary: dict[str, Any]) -> dict[str, Any]:
    """Return what must be the same on every run."""
    return {name: value for name, value in summary.items() if name not in _PHYSICAL}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample year as a file."""
    file = tmp_path_factory.mktemp("input") / "year.jsonl"
    file.write_bytes(b"".join(encode(event) + b"\n" for event in sample_year.events(7, 2025, _EVENTS)))
    return file


@pytest.fixture(scope="module")
def undisturbed(year: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The summary of a run that nobody interrupts."""
    return processed(year, tmp_path_factory.mktemp("undisturbed"))


def test_a_year_runs_to_its_end(undisturbed: dict[str, Any]) -> None:
    """Events lead to verdicts, violations, cases, clocks, notices and roll-ups."""
    assert undisturbed["events"] >= _EVENTS * 0.9
    for figure in ("violations", "cases", "clocks", "notices", "rollups"):
        assert undisturbed[figure], figure


def _journalled(data: Path) -> int:
    try:
        with sqlite3.connect(f"file:{data}/reporting.db?mode=ro", uri=True) as connection:
            return int(connection.execute("select count(*) from journal").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def _interrupted(year: Path, data: Path, at: int) -> Iterator[int]:
    """Start a run, kill it once about ``at`` events are journalled, and yield how many were."""
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "process", str(year), "--data", str(data)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "CHUAN_BATCH_SIZE": "20"},
    )
    while process.poll() is None and _journalled(data) < at:
        threading.Event().wait(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    yield _journalled(data)


@pytest.mark.parametrize("seed", [1, 2])
def test_kill_9_changes_no_figure(year: Path, undisturbed: dict[str, Any], tmp_path: Path, seed: int) -> None:
    """Killed three times at random moments and run again, the figures are those of the undisturbed run."""
    chance = random.Random(seed)
    total = undisturbed["journalled"]
    reached = [next(_interrupted(year, tmp_path, chance.randrange(1, total))) for _ in range(3)]
    assert max(reached) > 0
    assert figures(processed(year, tmp_path)) == figures(undisturbed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_within_seconds(year: Path, undisturbed: dict[str, Any], tmp_path: Path, number: signal.Signals) -> None:
    """Whichever green thread the signal meets, the run ends tidily, says what to do, and goes on where it ended."""
    for at in (1, 200):
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "process", str(year), "--data", str(tmp_path)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "CHUAN_BATCH_SIZE": "20"},
        )
        while process.poll() is None and _journalled(tmp_path) < at:
            threading.Event().wait(0.005)
        process.send_signal(number)
        errors = process.communicate(timeout=20)[1]
        assert process.returncode == 128 + number
        assert errors.splitlines()[-1].startswith("chuan: interrupted. Nothing is lost")
        assert "Traceback" not in errors
    assert figures(processed(year, tmp_path)) == figures(undisturbed)


def test_the_same_file_twice_adds_nothing(year: Path, tmp_path: Path) -> None:
    """Every event of the second run is known."""
    first = processed(year, tmp_path)
    reports = chuan("report", "--data", tmp_path, "--format", "json").stdout
    assert first["new"] == first["events"]
    again = processed(year, tmp_path)
    assert figures(again) == figures(first)
    assert again["new"] == 0
    assert chuan("report", "--data", tmp_path, "--format", "json").stdout == reports


def test_the_order_of_lines_does_not_matter(year: Path, undisturbed: dict[str, Any], tmp_path: Path) -> None:
    """Verdicts, violations and alerts add up to the same roll-ups in any order."""
    lines = year.read_bytes().splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    shuffled = tmp_path / "shuffled.jsonl"
    shuffled.write_bytes(b"".join(lines))
    summary = processed(shuffled, tmp_path / "data")
    assert summary["violations"] == undisturbed["violations"]
    for report in ("verdicts", "violations", "foreign_alerts"):
        assert summary["rollups"][report] == undisturbed["rollups"][report]


def _line(**changes: Any) -> bytes:
    event = json.loads(encode(next(iter(sample_year.events(7, 2025, 200)))))
    event.update(changes)
    return json.dumps(event).encode()


BAD_LINES = {
    "not_json": b"this is no JSON",
    "not_a_cloudevent": b'{"hello": "world"}',
    "unknown_type": _line(type="nobody.knows_this"),
    "newer_version": _line(dataversion=99),
    "invalid_data": _line(data={"observed_at": "2025-03-01T00:00:00Z"}),
    "duplicate_key": b'{"specversion": "1.0", "specversion": "1.0"}',
    "too_large": b'{"a": "' + b"x" * 2_000_000 + b'"}',
    "too_deep": b"[" * 100_000,
}


def test_bad_lines_stop_nothing_and_are_kept(year: Path, undisturbed: dict[str, Any], tmp_path: Path) -> None:
    """Each is named with its place and reason, kept with its bytes, counted once, and everything else goes through."""
    file = tmp_path / "mixed.jsonl"
    good = year.read_bytes().splitlines()
    for line, bad in zip(range(0, 80, 10), BAD_LINES.values(), strict=True):
        good.insert(line, bad)
    file.write_bytes(b"\n".join(good))
    done = chuan("process", file, "--data", tmp_path / "data", "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["refused"] == dict.fromkeys(BAD_LINES, 1)
    for number, reason in zip(range(1, 81, 10), BAD_LINES, strict=True):
        assert f"{file}:{number}: {reason}" in done.stderr
    assert summary["violations"] == undisturbed["violations"]
    with sqlite3.connect(tmp_path / "data" / "intake.db") as connection:
        kept = dict(connection.execute("select reason, body from quarantine").fetchall())
    assert kept == BAD_LINES
    assert chuan("process", file, "--data", tmp_path / "data", "--strict").returncode == 2


def test_a_wrong_year_far_ahead_moves_nobodys_clock(tmp_path: Path) -> None:
    """It is refused by itself: no clock of the other events runs out because of it."""
    lines = {"good": _line(), "bad": _line(id="wrong year", time="2098-03-14T03:00:00Z")}
    summaries = []
    for names in (["good"], ["good", "bad"]):
        file = tmp_path / f"{len(names)}.jsonl"
        file.write_bytes(b"\n".join(lines[name] for name in names))
        summaries.append(processed(file, tmp_path / file.stem))
    alone, together = summaries
    assert together["refused"] == {"invalid_data": 1}
    for name in ("events", "clocks", "notices", "rollups"):
        assert together[name] == alone[name]


def test_standard_input_is_a_file_too(tmp_path: Path) -> None:
    """`-` takes what another program writes, and its lines are named like those of a file."""
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "process", "-", "--data", str(tmp_path), "--json"],
        input=_line() + b"\nno event\n",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["events"] == 1
    assert done.stderr.decode().startswith("-:2: not_json")


def test_a_file_that_fails_half_way_is_named(tmp_path: Path) -> None:
    """The kernel says what failed, not where: a process's own memory can be opened, and cannot be read from its start."""
    done = chuan("process", "/proc/self/mem", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "chuan: /proc/self/mem: Input/output error\n"
