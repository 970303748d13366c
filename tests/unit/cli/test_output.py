"""What commands print can be read by a person and by a program, and cannot take over a terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.cli.output import age, print_json, print_refusal, print_table, visible
from shared.kernel.errors import Reason, Refused


def test_control_characters_are_spelt_out() -> None:
    """Text of others can neither colour a terminal nor move its cursor; line feeds and tabs are harmless."""
    assert visible("a\x1b[31mb\x9bc\r\x00\n\td") == "a\\x1b[31mb\\x9bc\\x0d\\x00\n\td"


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=3, minutes=5), "3 h 5 min"),
        (timedelta(days=2, hours=3), "2 d 3 h"),
    ],
)
def test_ages_have_two_units_at_most(span: timedelta, text: str) -> None:
    """An age is as exact as a person needs it."""
    assert age(span) == text


def test_a_table_has_one_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Away from a terminal nothing is folded or cut, markup is not interpreted, and numbers are flush right."""
    print_table(("name", "value"), [("x" * 300, "5"), ("[bold]y[/bold]\nz", "1,000")])
    header, first, second = capsys.readouterr().out.splitlines()
    assert header == "name" + " " * 298 + "value"
    assert first == "x" * 300 + "      5"
    assert second == "[bold]y[/bold] z" + " " * 286 + "1,000"


def test_a_refusal_says_where_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    """One line with file and line, reason, JSON pointer and detail."""
    print_refusal("a.jsonl:7", Refused(Reason.INVALID_DATA, "not \x1b a number", "/data/value"))
    assert capsys.readouterr().err == "a.jsonl:7: invalid_data at /data/value: not \\x1b a number\n"


def test_json_keeps_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    """Diacritics are written as they are."""
    print_json({"vi": "Chuẩn"})
    assert '"Chuẩn"' in capsys.readouterr().out
