"""Types commands the way users do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def surroundings(**settings: str) -> dict[str, str]:
    """Return the environment without settings of its own, and with ``settings``."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CHUAN_")} | settings


def chuan(*arguments: object, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, without settings of the surroundings."""
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env=surroundings(**environment),
    )


@contextmanager
def running(data: Path, **environment: str) -> Iterator[str]:
    """Run all services on a data folder until the end of the block, and give their URL."""
    settings = surroundings(CHUAN_DATA_DIR=str(data), CHUAN_HTTP_ADDRESS="127.0.0.1:0", **environment)
    command = [sys.executable, "-m", "services.cli", "run"]
    with subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            entries = (json.loads(line) for line in process.stderr)
            yield next(str(entry["url"]) for entry in entries if entry["event"] == "started")
        finally:
            process.terminate()
            process.communicate(timeout=30)


def figures(*arguments: object, **environment: str) -> Any:
    """Run a command that must succeed and return the JSON it prints."""
    done = chuan(*arguments, "--json", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """An error is one line on standard error that holds ``words``, and exit code 2."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    for word in words:
        assert word in line
