"""Rooms of one shape, small files, and names that say something."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOMS, ROOT, files, named, parsed, sources

_LONGEST_FILE = 300
_SAYS_NOTHING = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "stuff", "util", "utils"}
_SAYS_NOTHING_AT_THE_END = ("Helper", "Impl", "Manager", "Util", "Utils")

# What nameko, SQLAlchemy, werkzeug or Python call, and document themselves.
_DOCUMENTED_ELSEWHERE = {
    "get_dependency",
    "load_dialect_impl",
    "process_bind_param",
    "process_result_value",
    "run",
    "setup",
    "start",
    "stop",
}


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    """A file that outgrows 300 lines becomes a folder of the same name, split by subject."""
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files(*PACKAGES, "tests", suffix=".py")
    }
    assert not {name: length for name, length in lengths.items() if length > _LONGEST_FILE}


def test_no_file_or_folder_is_named_after_nothing() -> None:
    """A name tells what is inside."""
    found = {named(path) for path in files(*PACKAGES, "tests") for part in path.parts if Path(part).stem in _SAYS_NOTHING}
    assert not found


def test_no_class_is_named_after_nothing() -> None:
    """A class is called by the term of the field, not by the fact that it is a class."""
    found = [
        f"{named(path)}: {node.name}"
        for path in files(*PACKAGES, "tests", suffix=".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(_SAYS_NOTHING_AT_THE_END)
    ]
    assert not found


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_have_one_shape(room: str) -> None:
    """Who knows one service finds their way in the others: the same files (or folders of the same name) in each."""
    folder = ROOT / "services" / room
    present = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {"__init__", "service", "handlers", "model", "tables", "queries", "migrations"} <= present
    assert {"rules", "indicators"} & present, "a room's decisions have a folder"
    assert list((folder / "migrations" / "versions").glob("0001_*.py"))
    assert list((ROOT / "tests" / "unit" / room).glob("test_*.py")), "a room has its unit tests"


@pytest.mark.parametrize("room", ROOMS)
def test_service_modules_only_route(room: str) -> None:
    """``service.py`` binds events, timers and resources to handlers; it takes no decision and knows no table."""
    tree = parsed(ROOT / "services" / room / "service.py")
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {module for module in imported if module.endswith(".tables")}
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not asked & {"execute", "scalar", "scalars"}


def interfaces() -> set[str]:
    """Return the names of methods that a class documents for those who implement or override them."""
    return {
        method.name
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and ast.get_docstring(method)
    }


def test_public_methods_are_documented() -> None:
    """Each public method has a docstring, its own or that of the interface it fulfils.

    Left out are properties, which are named like the value they give, and one-line routes of ``service.py``.
    """
    known = interfaces() | _DOCUMENTED_ELSEWHERE
    found = [
        f"{named(path)}:{method.lineno} {node.name}.{method.name}"
        for path in sources()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        and not method.name.startswith("_")
        and method.name not in known
        and not ast.get_docstring(method)
        and not any(isinstance(decorator, ast.Name) and decorator.id == "property" for decorator in method.decorator_list)
        and path.name != "service.py"
    ]
    assert not found


def test_nothing_is_left_for_later() -> None:
    """No function only says that somebody will write it one day."""
    found = [
        f"{named(path)}:{node.lineno}"
        for path in files(*PACKAGES, "tests", suffix=".py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Name) and node.id == "NotImplementedError"
    ]
    assert not found
