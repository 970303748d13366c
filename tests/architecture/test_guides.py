"""Who follows a guide word by word gets what it promises, and touches no more files than it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.guide import GUIDES, Command, Write, production_files, reading_in, steps
from tests.architecture.test_walls import lint_imports
from tests.architecture.tree import ROOT, copy_of_the_tree

# How many files of services/ and shared/ an addition may touch.
AT_MOST = {"add-an-event-type": 3, "add-a-rule": 1, "add-a-channel": 1, "add-a-report": 1, "add-an-item-type": 1}


@pytest.mark.parametrize("page", GUIDES, ids=lambda path: path.stem)
@pytest.mark.timeout(300)
def test_a_guide_does_what_it_says(page: Path, tmp_path: Path) -> None:
    """Its files and commands work in a fresh copy, every output shown is the real one, and no wall is broken."""
    folder = copy_of_the_tree(tmp_path, "tests/contract")
    with reading_in(folder) as reader:
        reader.follow(page)
    walls = lint_imports(folder)
    assert walls.returncode == 0, walls.stdout
    written = [step.path for step in steps(page) if isinstance(step, Write) and step.path.endswith(".py")]
    if written:
        style = subprocess.run(
            [sys.executable, "-m", "ruff", "check", *written], cwd=folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert style.returncode == 0, style.stdout


@pytest.mark.parametrize(("name", "most"), AT_MOST.items())
def test_an_addition_touches_few_files(name: str, most: int) -> None:
    """An addition is made in the one place it belongs to."""
    touched = production_files(ROOT / "docs" / f"{name}.md")
    assert 1 <= len(touched) <= most


@pytest.mark.parametrize("name", AT_MOST)
def test_an_addition_is_tried_out(name: str) -> None:
    """A guide ends with seeing the addition work."""
    followed = list(steps(ROOT / "docs" / f"{name}.md"))
    assert any(isinstance(step, Command) and step.prints for step in followed)


def test_a_wrong_output_is_noticed(tmp_path: Path) -> None:
    """A guide that shows what does not come out fails."""
    page = tmp_path / "page.md"
    page.write_text("```console\n$ echo one; echo two\none\nthree\n```\n", encoding="utf-8")
    with reading_in(tmp_path) as reader, pytest.raises(AssertionError, match="three"):
        reader.follow(page)


def test_dots_stand_for_anything(tmp_path: Path) -> None:
    """A guide may leave out what differs from run to run, and files are written before commands see them."""
    page = tmp_path / "page.md"
    page.write_text(
        "`a.txt`:\n\n```text\n1\n```\n\n`a.txt`, at the end:\n\n```text\n2\n```\n\n```console\n$ cat a.txt\n…\n2\n```\n",
        encoding="utf-8",
    )
    with reading_in(tmp_path) as reader:
        reader.follow(page)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "1\n2\n"
