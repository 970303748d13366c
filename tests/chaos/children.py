"""Helper programs of a run that are told what to do: one line in, one line out."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.servers.ports import listens
from tests.servers.processes import wait_until
from tests.servers.state import ROOT

_START_SECONDS = 20


class Child:
    """A module of this package as a process that obeys lines; several threads may talk to it."""

    def __init__(self, module: str, *arguments: str, errors: Path) -> None:
        with errors.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
                start_new_session=True,
            )
        self._turn = threading.Lock()

    def tell(self, line: str) -> str:
        """Give one order and return the answer."""
        assert self._process.stdin is not None
        with self._turn:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
            return self.hear()

    def hear(self) -> str:
        """Return the next line it says; raise ``RuntimeError`` when it has ended."""
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{' '.join(map(str, self._process.args))} ended")  # type: ignore[arg-type]
        return answer.strip()

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


class Proxy:
    """The fault proxy: links are known by name."""

    def __init__(self, folder: Path) -> None:
        self._child = Child("tests.chaos.proxy", errors=folder / "proxy.log")

    def open(self, link: str, port: int, to: int) -> None:
        """Lead the port ``port`` to the port ``to``."""
        self._order(do="open", link=link, port=port, to=to)

    def spoil(self, link: str, **how: float) -> None:
        """Set delay (seconds), rate (bytes a second), slices (bytes) and closed (0 or 1); what is not named is off."""
        self._order(do="set", link=link, **how)

    def cut(self, link: str) -> None:
        """End the link's present connections."""
        self._order(do="cut", link=link)

    def freeze(self, link: str) -> None:
        """Make the link's present connections half-open for good."""
        self._order(do="freeze", link=link)

    def stop(self) -> None:
        """End the proxy and every connection through it."""
        self._child.stop()

    def _order(self, **order: Any) -> None:
        self._child.tell(json.dumps(order))


class Office:
    """The fake TBT office and the ledger of what it got."""

    def __init__(self, folder: Path, port: int) -> None:
        self.ledger = folder / "office.jsonl"
        self.url = f"smtp://127.0.0.1:{port}"
        self._start = lambda: Child("tests.chaos.office", str(port), str(self.ledger), errors=folder / "office.log")
        self._child = self._start()
        self._port = port
        self._child.hear()

    def be(self, mood: str) -> None:
        """Change its mood; tests/chaos/office.py names them."""
        self._child.tell(mood)

    def go_away(self) -> None:
        """Stop answering the door."""
        self._child.stop()

    def come_back(self) -> None:
        """Answer it again."""
        self._child = self._start()
        self._child.hear()
        assert wait_until(lambda: listens(self._port), _START_SECONDS)

    def stop(self) -> None:
        """End the office."""
        self._child.stop()
