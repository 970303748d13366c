"""The judging rules as a table, drawn from the very versions the service judges by.

``python -m services.inspection.rule_table`` writes ``docs/what-is-judged.md``.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from services.inspection.judging import Rule
from services.inspection.rules import rulebook

FILE = Path(__file__).resolve().parents[2] / "docs" / "what-is-judged.md"

_HEAD = """# What is judged, and by which law

Drawn from the files in `services/inspection/rules` by `python -m services.inspection.rule_table`; a test fails when the two
part. A finding is judged by the version that was the law on its own day in Viet Nam. Where “checked” says no, the number or the
day could not be read in the legal text: it is a parameter until somebody reads it there, and every verdict says so
(`rule.verified`).

| rule | from | to | source | checked | judged in | counted as |
|---|---|---|---|---|---|---|"""

_TAIL = """
What each rule says, in its own words:
"""


def document() -> str:
    """Return the page: a line for each version of each rule, and the sentence of each rule."""
    rules = rulebook().rules
    lines = [_HEAD, *(line for rule in rules for line in _versions(rule)), _TAIL]
    return "\n".join([*lines, *(f"* `{rule.name}`: {_sentence(rule)}" for rule in rules), ""])


def _versions(rule: Rule) -> Iterator[str]:
    judged = ", ".join(f"`{one.type}`" for one in rule.event_types)
    for version, _ in rule.versions:
        cells = (
            f"`{rule.name}`",
            version.valid_from.isoformat(),
            version.valid_to.isoformat() if version.valid_to else "",
            version.source,
            "yes" if version.verified else "no",
            judged,
            f"`{rule.kind}`",
        )
        yield f"| {' | '.join(cells)} |"


def _sentence(rule: Rule) -> str:
    return (inspect.getdoc(inspect.getmodule(rule.judge)) or "").partition("\n\n")[0].replace("\n", " ")


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
