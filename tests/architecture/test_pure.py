"""Pure code needs nothing but the standard library, msgspec and holidays, whatever way it is reached."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, named, parsed, sources

_ALLOWED = {"msgspec", "holidays"}
_ENTRANCES = ("kernel", "contracts", "model", "rules", "indicators")


def is_entrance(path: Path) -> bool:
    """Tell whether ``path`` is one of the files that are pure by their name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:2] in (("shared", "kernel"), ("shared", "contracts")) or (
        parts[0] == "services" and len(parts) > 2 and parts[2] in _ENTRANCES
    )


def imports_of(tree: ast.Module) -> Iterator[str]:
    """Yield every module that a file may import, wherever in it the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def file_of(module: str) -> Path | None:
    """Return the file of a module of the project, nothing for a name that is no module."""
    base = ROOT.joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def reached_from(paths: Iterator[Path]) -> dict[Path, Path]:
    """Return every file of the project that ``paths`` import, directly or not, and who imports it first."""
    reached: dict[Path, Path] = {path: path for path in paths}
    waiting = list(reached)
    while waiting:
        importer = waiting.pop()
        for module in imports_of(parsed(importer)):
            target = file_of(module)
            if target is not None and target not in reached:
                reached[target] = importer
                waiting.append(target)
    return reached


def foreign(path: Path) -> set[str]:
    """Return the packages a file imports that pure code must not."""
    roots = {module.partition(".")[0] for module in imports_of(parsed(path))}
    return {root for root in roots if root not in sys.stdlib_module_names | _ALLOWED | {"services", "shared", "__future__"}}


def test_pure_code_imports_only_what_is_pure() -> None:
    """Everything that decisions, kernel and contracts stand on could run without one installed server or framework."""
    reached = reached_from(path for path in sources() if is_entrance(path))
    found = {f"{named(path)} (imported by {named(by)})": foreign(path) for path, by in reached.items() if foreign(path)}
    assert not found


@pytest.mark.parametrize("package", ["sqlalchemy", "yaml", "structlog"])
def test_an_impure_file_would_be_noticed(package: str) -> None:
    """The search sees imports inside functions too."""
    tree = ast.parse(f"def load():\n    import {package}.part\n")
    assert f"{package}.part" in set(imports_of(tree))


def test_every_room_has_entrances() -> None:
    """The search above begins in all rooms, the kernel and the contracts."""
    begun = {path.relative_to(ROOT).parts[:2] for path in sources() if is_entrance(path)}
    rooms = {("services", room) for room in ("planning", "inspection", "notification", "reporting")}
    assert begun == {("shared", "kernel"), ("shared", "contracts"), *rooms}
