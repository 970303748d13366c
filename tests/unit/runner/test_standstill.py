"""A run that cannot go on ends with a reason; it never hangs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SCRIPT = """
from shared.runner.green import go_green
go_green()
import pathlib, sys, threading
from datetime import UTC, datetime
from pydantic import SecretStr
from services.cli.feeding import Watch
from services.cli.hosting import host
from shared.kernel.clock import EventClock
from shared.kernel.errors import DependencyDown
from shared.observability import logging
from shared.settings import Settings

def reason(watch):
    while True:
        try:
            watch.look()
        except DependencyDown as error:
            return str(error)
        threading.Event().wait(0.01)

settings = Settings(data_dir=pathlib.Path(sys.argv[1]))
logging.configure("ERROR", settings.log_format)
with host(settings, EventClock(datetime(2025, 1, 1, tzinfo=UTC)), serve_http=False) as hosting:
    print(reason(Watch(hosting, standstill=0.1)))
    [container] = [one for one in hosting._runner.containers if one.service_name == "reporting"]
    [reader] = [thread for thread, name in container._managed_threads.items() if name == "reader reporting"]
    reader.kill()
    print(reason(Watch(hosting)))
"""


def test_a_standstill_and_a_part_that_ended_are_named(tmp_path: Path) -> None:
    """Whoever waits for services hears that nothing moves, and which part of which service is no longer there."""
    done = subprocess.run([sys.executable, "-c", _SCRIPT, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    still, ended = done.stdout.splitlines()
    assert still.startswith("nothing has moved for 0 s; at work: ")
    assert ended.startswith("reporting has stopped: its QueueReader has ended")
