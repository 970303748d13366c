"""The machine: Python, packages, the data folder, the port."""

from __future__ import annotations

import platform
import re
import shutil
import socket
import sys
import tempfile
import tomllib
import urllib.request
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import services
from services.cli.checks.findings import Finding, fail, ok, warn
from shared.settings import Settings

_OLDEST_PYTHON = (3, 11)
_LITTLE_SPACE = 1024**3
_PATIENCE = 3.0  # seconds


def python() -> Iterator[Finding]:
    """Look at the interpreter."""
    found = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < _OLDEST_PYTHON:
        yield fail("python", found, f"use Python {'.'.join(map(str, _OLDEST_PYTHON))} or newer")
    else:
        yield ok("python", found)


def required_packages() -> Iterator[Finding]:
    """Look for every package the project requires."""
    names = [re.split(r"[^\w.-]", one)[0] for one in _requirements() if "extra ==" not in one]
    missing = []
    for name in names:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield fail("packages", f"missing: {', '.join(missing)}", "run `make demo`, or pip install -r requirements.lock")
    else:
        yield ok("packages", f"all {len(names)} that are required are installed")


def data_folder(settings: Settings) -> Iterator[Finding]:
    """Look whether the data folder can be written to."""
    folder = settings.data_dir.absolute()
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    try:
        with tempfile.TemporaryFile(dir=existing):
            free = shutil.disk_usage(existing).free
    except OSError as error:
        yield fail("data folder", f"{folder} cannot be written to: {error.strerror}", "set CHUAN_DATA_DIR to a folder that can")
        return
    state = "can be written to" if folder.exists() else "will be made"
    if free < _LITTLE_SPACE:
        yield warn("data folder", f"{folder} {state}, {free / 1024**2:,.0f} MiB free", "make room before the disk is full")
    else:
        yield ok("data folder", f"{folder} {state}, {free / 1024**3:,.0f} GiB free")


def port(settings: Settings) -> Iterator[Finding]:
    """Look whether the address HTTP listens on is free, or a chuan has it."""
    host, _, number = settings.http_address.rpartition(":")
    if not number.isdigit():
        yield fail("port", f"CHUAN_HTTP_ADDRESS={settings.http_address} is no host:port", "set it to 127.0.0.1:8000, for example")
        return
    try:
        with socket.create_server((host or "127.0.0.1", int(number))):
            yield ok("port", f"{settings.http_address} is free")
    except (OSError, OverflowError) as error:
        if _is_alive(f"http://{settings.http_address}/livez"):
            yield ok("port", f"a chuan answers on {settings.http_address}")
        else:
            yield fail("port", f"{settings.http_address}: {error}", "set CHUAN_HTTP_ADDRESS to a free one")


def _is_alive(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 - always http
            return bool(answer.read(3) == b"ok\n")
    except (OSError, ValueError):
        return False


def _requirements() -> list[str]:
    try:
        return requires("chuan") or []
    except PackageNotFoundError:
        # A checkout that was never installed.
        file = Path(next(iter(services.__path__))).parent / "pyproject.toml"
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        return [str(one) for one in project["dependencies"]]
