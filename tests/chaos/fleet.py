"""The services as separate processes, started the way an operator starts them."""

from __future__ import annotations

import json
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.servers.processes import Process, spawn, wait_until
from tests.servers.state import ROOT

_START_SECONDS = 60
_STOP_SECONDS = 40


@dataclass(kw_only=True)
class Copy:
    """One process of one service; ``links`` are the names of its ways to the broker and to the database."""

    name: str
    service: str
    port: int
    environment: Mapping[str, str]
    log: Path
    links: Mapping[str, str]
    process: Process | None = None
    stands_still: bool = False
    starts: int = 0
    peak: int = 0
    exits: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start the process, which may not be able to reach anything yet."""
        command = [sys.executable, "-m", "services.cli", "run", self.service]
        os.chdir(ROOT)
        self.process = spawn(command, {**os.environ, **self.environment}, self.log)
        self.starts += 1

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.alive

    def send(self, number: int) -> None:
        """Send a signal."""
        assert self.process is not None
        self.note_memory()
        self.process.send(number)

    def kill(self) -> None:
        """``kill -9``."""
        assert self.process is not None
        self.note_memory()
        self.process.kill()

    def stop(self) -> bool:
        """Ask it to end; tell whether it did so by itself, in bounded time."""
        assert self.process is not None
        self.send(signal.SIGTERM)
        if wait_until(lambda: not self.alive, _STOP_SECONDS):
            return True
        self.process.kill()
        return False

    def ask(self, path: str) -> tuple[int, Any]:
        """Return status and JSON of one of its resources; status 0 when it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())
        except (OSError, ValueError):
            return 0, None

    def ready(self) -> bool:
        """Tell whether it says that it has its database and reads its queue."""
        status, told = self.ask("/readyz")
        return status == 200 and not told["degraded"]

    def await_ready(self, seconds: float = _START_SECONDS) -> bool:
        """Wait until it is ready; tell whether it is."""
        return wait_until(self.ready, seconds)

    def note_memory(self) -> None:
        """Keep the most memory that any process of this copy ever had, in bytes."""
        if self.process is None:
            return
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return
        peaks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
        self.peak = max([self.peak, *(int(peak) * 1024 for peak in peaks)])
