"""What is published speaks of nobody's machine and names no package registry."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT, files, named

# Absolute paths of a person's or a build machine's folders; a container's own paths stand only under deploy/.
_MACHINE_PATH = re.compile(r"(?<![\w./:<>\"$}])/(?:home|root|Users|work|opt|tmp|mnt)/[\w.-]+")
_REGISTRY = re.compile(r"[\w.-]*(?:pypi|pythonhosted|npmjs|crates)\.(?:org|io|com)", re.IGNORECASE)
_INDEX_OPTION = re.compile(r"--(?:extra-)?index(?:-url)?[ =]|--find-links[ =]|(?:PIP|UV)_(?:EXTRA_)?(?:INDEX|FIND_LINKS)")


def texts() -> dict[str, str]:
    """Return every text file of the project by name."""
    found = {}
    for path in files():
        try:
            found[named(path)] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


@pytest.mark.parametrize(("what", "pattern"), [("registry", _REGISTRY), ("index option", _INDEX_OPTION)])
def test_no_registry_is_named(what: str, pattern: re.Pattern[str]) -> None:
    """Where packages come from is the business of the machine that installs them."""
    here = named(ROOT / "tests/architecture/test_clean_tree.py")
    found = {name: match[0] for name, text in texts().items() if name != here and (match := pattern.search(text))}
    assert not found, what


def test_no_machine_is_named() -> None:
    """No file depends on, or tells of, the folders of the machine it was made on."""
    found = {
        name: match[0]
        for name, text in texts().items()
        if not name.startswith("deploy/") and (match := _MACHINE_PATH.search(text))
    }
    assert not found
