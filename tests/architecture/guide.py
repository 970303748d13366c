"""Reads a guide the way its reader does: writes the files it shows, types the commands it shows, compares what comes out.

* A line ```` `path`: ```` before a code block means: make this file. ```` `path`, at the end: ```` means: add this to it.
* A block of the language ``console`` holds commands after ``$`` and what they print; ``…`` stands for anything.
* A command that ends in ``&`` goes on running until the guide is over.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.architecture.tree import PACKAGES, ROOT

_BLOCK = re.compile(
    r"(?:^`(?P<path>[\w./-]+)`(?P<append>, at the end)?:\n+)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_ADDRESS = "127.0.0.1:8000"
_PATIENCE = 60  # seconds for one command


class Write(NamedTuple):
    """Make a file, or add to one."""

    path: str
    text: str
    append: bool


class Command(NamedTuple):
    """Type a command and see what it prints."""

    line: str
    prints: str


Step = Write | Command


def steps(page: Path) -> Iterator[Step]:
    """Yield what a guide tells its reader to do, in order."""
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["path"]:
            yield Write(block["path"], block["text"], bool(block["append"]))
        elif block["language"] == "console":
            yield from _commands(block["text"])


def production_files(page: Path) -> set[str]:
    """Return the files of the packages that a guide makes or changes."""
    return {step.path for step in steps(page) if isinstance(step, Write) and step.path.split("/")[0] in PACKAGES}


def _commands(text: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        length = next(number for number in range(1, len(lines) + 1) if _is_whole("\n".join(lines[:number])))
        yield Command("\n".join(lines[:length]), "\n".join(lines[length:]).strip())


def _is_whole(line: str) -> bool:
    """Tell whether a command ends here: no quotation is open, and no backslash joins the next line to it."""
    try:
        shlex.split(line)
    except ValueError:
        return False
    return not line.endswith("\\")


class Reader:
    """Follows guides in ``folder``, a copy of the tree."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._address = f"127.0.0.1:{_free_port()}"
        self._running: list[subprocess.Popen[str]] = []
        self._log = folder / "server.log"
        shims = folder / ".shims"
        shims.mkdir()
        for name, arguments in (("chuan", "-m services.cli"), ("python", "")):
            shim = shims / name
            shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P {arguments} "$@"\n', encoding="utf-8")
            shim.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHUAN_")}
        self.environment = {
            **kept,
            "PATH": f"{shims}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CHUAN_HTTP_ADDRESS": self._address,
            "CHUAN_PUBLIC_URL": f"http://{self._address}",
            "CHUAN_DATA_DIR": str(folder / ".chuan"),
        }

    def follow(self, page: Path) -> None:
        """Do everything ``page`` says; fail where something else comes out than it shows."""
        for step in steps(page):
            if isinstance(step, Write):
                self._write(step)
            else:
                self._type(step)

    def stop(self) -> None:
        """End what is still running."""
        for process in self._running:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=_PATIENCE)

    def _write(self, step: Write) -> None:
        file = self.folder / step.path
        assert file.exists() == step.append, f"{step.path} {'is' if file.exists() else 'is not'} there"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            out.write(step.text.replace(_ADDRESS, self._address))

    def _type(self, step: Command) -> None:
        line, wanted = step.line.replace(_ADDRESS, self._address), step.prints.replace(_ADDRESS, self._address)
        if line.endswith("&"):
            self._start(line.removesuffix("&").strip())
            return
        done = self._run(line)
        # What is read from a server may take a moment to come about.
        tries = _PATIENCE * 2 if self._running and line.startswith("curl ") and "--data" not in line else 0
        while tries and not _matches(wanted, done.stdout):
            threading.Event().wait(0.5)
            done, tries = self._run(line), tries - 1
        assert _matches(wanted, done.stdout), f"$ {line}\nexit {done.returncode}\n{done.stdout}{done.stderr}\nwanted:\n{wanted}"

    def _run(self, line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", line],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )

    def _start(self, line: str) -> None:
        """Start a server and wait until it listens."""
        with self._log.open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {line}"], cwd=self.folder, env=self.environment, stdout=log, stderr=log, text=True
            )
        self._running.append(process)
        host, _, port = self._address.partition(":")
        for _ in range(_PATIENCE * 10):
            with socket.socket() as attempt:
                if attempt.connect_ex((host, int(port))) == 0:
                    return
            assert process.poll() is None, self._log.read_text(encoding="utf-8")
            threading.Event().wait(0.1)
        raise AssertionError(f"{line} does not listen on {self._address}")


@contextmanager
def reading_in(folder: Path) -> Iterator[Reader]:
    """Give a reader for ``folder`` whose servers end with the block."""
    reader = Reader(folder)
    try:
        yield reader
    finally:
        reader.stop()


def _matches(wanted: str, printed: str) -> bool:
    """Tell whether a command printed what a guide shows; spaces at the ends of lines do not count."""
    text = "\n".join(line.rstrip() for line in printed.splitlines()).strip()
    pattern = ".*".join(re.escape(part.strip("\n")) for part in wanted.split("…"))
    return not wanted or re.fullmatch(pattern, text, re.DOTALL) is not None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


GUIDES = sorted(path for path in (ROOT / "docs").glob("*.md"))
