"""Which servers run, who uses them, and when they may go: one file under a lock, for any number of test runs at once."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.servers.postgresql import PostgresServer
from tests.servers.processes import Process
from tests.servers.rabbitmq import RabbitNode

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".chuan" / "servers"


@dataclass
class State:
    """The running servers with their processes, and the processes that use them; ``kept`` ones stay without a user."""

    rabbitmq: RabbitNode | None = None
    postgresql: PostgresServer | None = None
    processes: dict[str, list[Process]] = field(default_factory=dict)
    users: list[Process] = field(default_factory=list)
    kept: bool = False

    def forget_the_dead(self) -> None:
        """Drop users that have ended, and servers whose process has."""
        self.users = [user for user in self.users if user.alive]
        for name in [name for name, processes in self.processes.items() if not processes[0].alive]:
            self.stop(name)

    def start(self, name: str) -> None:
        """Start the server ``name`` afresh, unless it runs."""
        if name in self.processes:
            return
        folder = FOLDER / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        server = RabbitNode.prepare(folder) if name == "rabbitmq" else PostgresServer.prepare(folder)
        self.processes[name] = server.start()
        setattr(self, name, server)

    def stop(self, name: str) -> None:
        """Stop the server ``name``, its helpers after it, and remove what it stored."""
        for process in self.processes.pop(name, []):
            process.stop()
        setattr(self, name, None)
        shutil.rmtree(FOLDER / name, ignore_errors=True)


@contextmanager
def locked() -> Iterator[State]:
    """Give the state to one process at a time, and write down what it did."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    FOLDER.chmod(0o711)
    with (FOLDER / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = _read()
        state.forget_the_dead()
        try:
            yield state
        finally:
            _write(state)


def _file() -> Path:
    return FOLDER / "state.json"


def _read() -> State:
    try:
        stored: dict[str, Any] = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return State()
    return State(
        rabbitmq=RabbitNode(**stored["rabbitmq"]) if stored["rabbitmq"] else None,
        postgresql=PostgresServer(**stored["postgresql"]) if stored["postgresql"] else None,
        processes={name: [Process(**one) for one in processes] for name, processes in stored["processes"].items()},
        users=[Process(**one) for one in stored["users"]],
        kept=stored["kept"],
    )


def _write(state: State) -> None:
    draft = _file().with_suffix(".new")
    draft.touch(mode=0o600)  # the passwords are nobody else's business
    draft.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
    draft.replace(_file())
