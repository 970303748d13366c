"""What is imported is declared, what is declared is used, and what is installed is pinned with its hashes."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from typing import Any

import pytest

from tests.architecture.tree import PACKAGES, ROOT, files, parsed

_LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
_DISTRIBUTION = {"yaml": "pyyaml", "opentelemetry": "opentelemetry-sdk", "docx": "python-docx", "stdnum": "python-stdnum"}
_OURS = {*PACKAGES, "tests", "deploy", ""}
# Needed and not imported: each for its reason.
_NOT_IMPORTED = {
    "amqp",  # under kombu: older ones inflate without a limit
    "asyncpg",  # under SQLAlchemy, where FastStream is compared with
    "psycopg",  # under SQLAlchemy
    "opentelemetry-exporter-otlp-proto-http",  # a part of the same package
    "psycopg2-binary",  # under SQLAlchemy, where frameworks without green threads are compared with
    "tzdata",  # under zoneinfo
    "pyyaml",  # under msgspec too
    # the build
    "editables",
    "hatchling",
    # run as programs, or as pytest's plug-ins
    "import-linter",
    "mypy",
    "pytest-randomly",
    "pytest-timeout",
    "pytest-xdist",
    "ruff",
}


def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    """Return the names of requirements, without versions and extras."""
    return {re.split(r"[\[<>=~ ]", requirement)[0] for requirement in requirements}


def imported_by(*folders: str) -> set[str]:
    """Return the distributions whose packages are imported below ``folders``, wherever in a file."""
    roots: set[str] = set()
    for path in files(*folders, suffix=".py"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                roots |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots.add((node.module or "").partition(".")[0])
    outside = roots - set(sys.stdlib_module_names) - _OURS
    return {_DISTRIBUTION.get(root, root.replace("_", "-")) for root in outside}


def test_what_the_packages_import_is_declared() -> None:
    """Nobody relies on what another dependency happens to bring."""
    assert imported_by(*PACKAGES) <= names(project()["project"]["dependencies"])


def test_what_the_tests_import_is_declared() -> None:
    """The same for the tools of development."""
    declared = project()
    groups = declared["dependency-groups"]
    known = names([*declared["project"]["dependencies"], *groups["dev"], *groups["bench"]])
    assert imported_by("tests", "deploy") <= known


def test_what_is_declared_is_used() -> None:
    """No dependency stays behind after the code that needed it."""
    declared = project()
    used = imported_by(*PACKAGES)
    assert names(declared["project"]["dependencies"]) - used - _NOT_IMPORTED == set()
    tools = names([*declared["dependency-groups"]["dev"], *declared["dependency-groups"]["bench"]])
    stubs = {name for name in tools if name.startswith("types-")}
    assert tools - stubs - imported_by("tests") - _NOT_IMPORTED == set()


@pytest.mark.parametrize("lock", _LOCKS)
def test_locks_hold_hashes_and_nothing_else(lock: str) -> None:
    """Every line pins one package or gives one hash of it: no address, no path, no option."""
    pin = re.compile(r"[a-z0-9.-]+(?:\[[a-z,]+\])?==[\w.!+]+(?: ; [^\\]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert lines
    assert not [line for line in lines if not pin.fullmatch(line) and not digest.fullmatch(line)]


def test_the_locks_agree() -> None:
    """What is tested is what is run: each lock pins what the one before pins, in the same versions."""
    runtime, develop, bench = (
        {line for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if not line.startswith(" ")} for lock in _LOCKS
    )
    assert runtime <= develop <= bench


def test_every_dependency_is_locked() -> None:
    """A dependency added to pyproject.toml without ``make lock`` is noticed."""
    declared = project()
    wanted = {
        "requirements.lock": [*declared["project"]["dependencies"], *declared["dependency-groups"]["build"]],
        "requirements-dev.lock": declared["dependency-groups"]["dev"],
        "requirements-bench.lock": declared["dependency-groups"]["bench"],
    }
    for lock, requirements in wanted.items():
        pinned = {line.partition("==")[0].partition("[")[0] for line in (ROOT / lock).read_text(encoding="utf-8").splitlines()}
        assert names(requirements) <= pinned, f"{lock}: {names(requirements) - pinned}; run `make lock`"
