"""The table of rules in ``docs/`` is that of the rules in force."""

from __future__ import annotations

from services.inspection.rule_table import FILE, document
from services.inspection.rules import rulebook


def test_the_table_and_the_rules_are_one() -> None:
    """Whoever changes a rule draws the table anew."""
    assert FILE.read_text(encoding="utf-8") == document(), "run `python -m services.inspection.rule_table`"


def test_every_version_has_a_line_that_says_whether_it_was_checked() -> None:
    """Officials see at one glance which numbers still have to be read in the legal text."""
    lines = document().splitlines()
    for rule in rulebook().rules:
        shown = [line for line in lines if line.startswith(f"| `{rule.name}` |")]
        assert len(shown) == len(rule.versions)
        for line, (version, _) in zip(shown, rule.versions, strict=True):
            assert f"| {version.source} | {'yes' if version.verified else 'no'} |" in line
        assert any(line.startswith(f"* `{rule.name}`: ") and line.endswith(".") for line in lines)
