"""What is published speaks of nobody's machine and names no package registry."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.architecture.tree import ROOT, files, named

# Absolute paths of a person's or a build machine's folders; a container's own paths stand only under deploy/.
_MACHINE_PATH = re.compile(r"(?<![\w./:<>\"$}])/(?:home|root|Users|work|opt|tmp|mnt)/[\w.-]+")
_REGISTRY = re.compile(r"[\w.-]*(?:pypi|pythonhosted|npmjs|crates)\.(?:org|io|com)", re.IGNORECASE)
_INDEX_OPTION = re.compile(r"--(?:extra-)?index(?:-url)?[ =]|--find-links[ =]|(?:PIP|UV)_(?:EXTRA_)?(?:INDEX|FIND_LINKS)")
_LOCKS = ("requirements.lock", "requirements-dev.lock")


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


@pytest.mark.parametrize("lock", _LOCKS)
def test_locks_hold_hashes_and_nothing_else(lock: str) -> None:
    """Every line pins one package or gives one hash of it: no address, no path, no option."""
    pin = re.compile(r"[a-z0-9.-]+(?:\[[a-z,]+\])?==[\w.!+]+(?: ; [^\\]+)? \\")
    digest = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert lines
    assert not [line for line in lines if not pin.fullmatch(line) and not digest.fullmatch(line)]


def test_both_locks_agree() -> None:
    """What is tested is what is run: the tools' lock pins every runtime package to the same version."""

    def pins(lock: str) -> set[str]:
        return {line for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if not line.startswith(" ")}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_every_dependency_is_locked() -> None:
    """A dependency added to pyproject.toml without ``make lock`` is noticed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "requirements.lock": [*project["project"]["dependencies"], *project["dependency-groups"]["build"]],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
    }
    for lock, requirements in wanted.items():
        locked = {line.partition("==")[0].partition("[")[0] for line in (ROOT / lock).read_text(encoding="utf-8").splitlines()}
        names = {re.split(r"[\[<>=~ ]", requirement)[0] for requirement in requirements}
        assert names <= locked, f"{lock}: {names - locked}; run `make lock`"
