"""Processes that outlive the command that started them, known well enough never to stop another one by mistake."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Process:
    """A process number is used again after a while; together with the time of its start it is not.

    ``ending`` is the signal on which it ends in good order.
    """

    pid: int
    started: str
    ending: int = signal.SIGTERM

    @classmethod
    def of(cls, pid: int) -> Process:
        """Return the process that has this number now."""
        return cls(pid=pid, started=_started(pid))

    @property
    def alive(self) -> bool:
        return bool(self.started) and _started(self.pid) == self.started

    def stop(self, *, within: float = 30) -> None:
        """Ask it to end and wait; after ``within`` seconds kill."""
        self.send(self.ending)
        if not wait_until(lambda: not self.alive, within):
            self.kill()

    def kill(self) -> None:
        """End it at once."""
        self.send(signal.SIGKILL)
        wait_until(lambda: not self.alive, seconds=10)

    def send(self, number: int) -> None:
        """Send a signal, if it is still the same process."""
        if self.alive:
            os.kill(self.pid, number)


def spawn(command: Sequence[str], environment: Mapping[str, str], output: Path, *, ending: int = signal.SIGTERM) -> Process:
    """Start ``command`` (a path and its arguments) in a session of its own, with its output in a file."""
    pid = os.posix_spawn(
        command[0],
        list(command),
        dict(environment),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(output), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    return replace(Process.of(pid), ending=ending)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look at ``condition`` until it holds or ``seconds`` have passed; tell whether it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _started(pid: int) -> str:
    """Return when a process started, in the kernel's words; empty when there is none, or only its exit code is left."""
    try:
        # The name in the second field may hold anything; what follows its closing bracket has no surprises.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    if fields[0] in "ZX":
        _collect(pid)
        return ""
    return fields[19]


def _collect(pid: int) -> None:
    """Take the exit code of an own child, or it would stay in the process table."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
