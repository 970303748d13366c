"""The documentation speaks of what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture import settings_table
from tests.architecture.tree import ROOT, files, named

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(`{3,}).*?^\1`*$", re.MULTILINE | re.DOTALL)
_MENTION = re.compile(r"`((?:services|shared|tests|docs|deploy)/[\w./-]*[\w/-])`")

PAGES = [path for path in files(suffix=".md") if "fixtures" not in path.parts]


def prose(path: Path) -> str:
    """Return a page without its code blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """Return the anchors that headings make, in the way code hosts make them."""
    headings = re.findall(r"^#+\s+(.+?)\s*#*$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").casefold()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> Iterator[str]:
    """Yield the links of a page that lead nowhere within the project."""
    for match in _LINK.finditer(prose(path)):
        target = match[1] or match[2]
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (path.parent / place).resolve() if place else path
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            yield target


def created_by_guides() -> set[str]:
    """Return the files that a guide tells its reader to write."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    return set(re.findall(r"^`([\w./-]+)`.*:$", text, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link within the project has its file, and its heading when it names one."""
    assert not list(broken_links(page))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_files_spoken_of_exist(page: Path) -> None:
    """A path in a text is the path of a file or folder, or of one that a guide is about to make."""
    new = created_by_guides()
    found = {path for path in _MENTION.findall(prose(page)) if not (ROOT / path).exists() and path not in new}
    assert not found


def test_a_dead_link_is_noticed(tmp_path: Path) -> None:
    """A link to no file and a link to no heading are both found; one in a code block is none."""
    page = tmp_path / "page.md"
    page.write_text("# One *two*\n[a](gone.md) [b](#one-two) [c](#gone)\n```\n[d](code.md)\n```\n", encoding="utf-8")
    assert list(broken_links(page)) == ["gone.md", "#gone"]


def test_the_table_of_settings_is_true() -> None:
    """docs/operations.md lists every setting with its default and meaning, as the code has them."""
    advice = "run `python -m tests.architecture.settings_table`"
    assert settings_table.written() == settings_table.table(), advice


def test_every_decision_is_numbered_and_short() -> None:
    """Decisions have one form: a number, a status, context, decision, consequences; and fit on a page."""
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. "), named(path)
        headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
        assert headings == ["Status", "Context", "Decision", "Consequences"], named(path)
        assert len(text.split()) < 700, f"{named(path)} is longer than a page"
