"""The walls of docs/adr/0001 stand, and each of them notices a breach."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.tree import ROOT, copy_of_the_tree

ROOMS_APART = "Services never import each other"
COMMAND = "Only the command sees all four services"
KIT = "The kit never imports services"
PURE = "Decisions, kernel and contracts import no database, broker, web or framework"
FRAMEWORK = "nameko and eventlet are imported only where services are hosted"
TRACING = "OpenTelemetry is imported in one place only"
DATABASE = "SQLAlchemy is the only way to the database"
BROKER = "Broker clients are known only to the brokers"


class Breach(NamedTuple):
    """An import where it must not be, and the wall that must notice it."""

    wall: str
    file: str
    line: str


BREACHES = [
    Breach(ROOMS_APART, "services/planning/handlers/trespass.py", "from services.inspection import model"),
    Breach(ROOMS_APART, "services/notification/trespass.py", "import services.reporting.tables"),
    Breach(COMMAND, "services/reporting/trespass.py", "import services.cli.trespass"),
    Breach(KIT, "shared/messaging/trespass.py", "from services.inspection import tables"),
    Breach(KIT, "shared/kernel/trespass.py", "import services.planning.model"),
    Breach(PURE, "services/inspection/rules/trespass.py", "import sqlalchemy"),
    Breach(PURE, "services/planning/model/trespass.py", "import requests"),
    Breach(PURE, "services/reporting/indicators/trespass.py", "from shared.database import engine"),
    Breach(PURE, "services/notification/rules/trespass.py", "import services.notification.tables"),
    Breach(PURE, "shared/kernel/trespass.py", "import eventlet"),
    Breach(PURE, "shared/contracts/trespass.py", "from shared.messaging import subscription"),
    Breach(PURE, "shared/contracts/trespass.py", "import sqlite3"),
    Breach(FRAMEWORK, "services/inspection/trespass.py", "import eventlet"),
    Breach(FRAMEWORK, "shared/messaging/trespass.py", "from nameko.extensions import Entrypoint"),
    Breach(FRAMEWORK, "services/cli/trespass.py", "from nameko.runners import ServiceRunner"),
    Breach(TRACING, "shared/messaging/trespass.py", "from opentelemetry import trace"),
    Breach(DATABASE, "services/reporting/trespass.py", "import psycopg"),
    Breach(DATABASE, "shared/messaging/trespass.py", "import sqlite3"),
    Breach(BROKER, "services/notification/trespass.py", "import pika"),
    Breach(BROKER, "shared/messaging/trespass.py", "import kombu"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the packages of ``folder`` with the contracts of its own pyproject.toml."""
    call = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", call, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def outcome_of(wall: str, output: str) -> str:
    """Return what import-linter says of one wall."""
    return next(line for line in output.splitlines() if line.startswith(wall)).removeprefix(wall).split()[0]


def test_every_wall_stands() -> None:
    """No import of the project goes through a wall."""
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_untouched_copy_passes(tmp_path: Path) -> None:
    """What the breaches below are planted into has no fault of its own."""
    result = lint_imports(copy_of_the_tree(tmp_path))
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.file}: {breach.line}")
def test_a_planted_breach_is_noticed(breach: Breach, tmp_path: Path) -> None:
    """The wall that an import goes through is the one that is reported broken."""
    folder = copy_of_the_tree(tmp_path)
    # Where the command's wall is tried, there must be something behind it to import.
    (folder / "services/cli/trespass.py").write_text("", encoding="utf-8")
    file = folder / breach.file
    assert file.parent.is_dir(), f"{file.parent} is no place to plant a breach any more"
    file.write_text(f"{breach.line}\n", encoding="utf-8")
    result = lint_imports(folder)
    assert result.returncode != 0, result.stdout
    assert outcome_of(breach.wall, result.stdout) == "BROKEN", result.stdout


def test_each_wall_is_tried() -> None:
    """A wall nobody tried to breach is not proven."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    assert {wall["name"] for wall in configured} == {breach.wall for breach in BREACHES}
