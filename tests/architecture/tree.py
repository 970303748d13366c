"""The files of the project as the architecture tests see them."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("services", "shared")
ROOMS = ("planning", "inspection", "notification", "reporting")

# Made, not written.
_MADE = {
    "__pycache__",
    ".chuan",
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".venv",
    "build",
    "dist",
}


def files(*folders: str, suffix: str = "") -> Iterator[Path]:
    """Yield the written files below ``folders`` (none: the whole project), in a fixed order."""
    for folder in folders or (".",):
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if path.is_file() and not _MADE & set(path.relative_to(ROOT).parts):
                yield path


def sources() -> Iterator[Path]:
    """Yield the Python files of the two packages."""
    return files(*PACKAGES, suffix=".py")


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    """Return how a message names a file."""
    return path.relative_to(ROOT).as_posix()


def copy_of_the_tree(target: Path, *more: str) -> Path:
    """Copy the packages, ``pyproject.toml`` and ``more`` to ``target``, where a test may break them; return ``target``."""
    for name in (*PACKAGES, "pyproject.toml", *more):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns(*_MADE), dirs_exist_ok=True)
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    return target
