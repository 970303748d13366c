"""The written forms of a report: the same figures, the same bytes, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.periods import Period
from services.reporting.reports import By, Report, Summary, Totals, figure, month_key, rows, to_csv, to_json, totals_to_csv


def report_of(now: dict[str, int], then: dict[str, int]) -> Report:
    """Return a report by kind."""
    period = Period(date(2025, 1, 1), date(2025, 3, 31))
    return Report(
        name="violations",
        vi="Vi phạm",
        en="Violations",
        about="Count them.",
        first=period.first,
        last=period.last,
        compared_from=period.year_before().first,
        compared_to=period.year_before().last,
        by=By.KIND,
        provinces_on=period.last,
        total=figure(sum(now.values()), sum(then.values())),
        rows=rows(now, then),
    )


@pytest.mark.parametrize(
    ("value", "previous", "percent"),
    [
        (496, 389, "27.5"),
        (31, 25, "24.0"),
        (1, 3, "-66.7"),
        (5, 0, None),
        (0, 0, None),
        (0, 4, "-100.0"),
        (2001, 2000, "0.1"),
        (1999, 2000, "-0.1"),
    ],
)
def test_change_in_percent(value: int, previous: int, percent: str | None) -> None:
    """To one decimal, halves away from zero; beside nothing there is no percentage."""
    found = figure(value, previous)
    assert found.change == value - previous
    assert found.change_percent == (None if percent is None else Decimal(percent))


def test_a_key_of_either_year_has_a_row() -> None:
    """What there was only a year ago is shown as gone, not left out."""
    assert [(row.key, row.value, row.previous, row.change) for row in rows({"b": 2}, {"a": 3, "b": 1})] == [
        ("a", 0, 3, -3),
        ("b", 2, 1, 1),
    ]


def test_json_is_plain() -> None:
    """Dates are ISO dates, percentages are numbers, and the period is called from and to."""
    document = json.loads(to_json(report_of({"x": 3}, {"x": 2})))
    assert (document["from"], document["to"], document["compared_from"]) == ("2025-01-01", "2025-03-31", "2024-01-01")
    assert document["rows"] == [{"key": "x", "value": 3, "previous": 2, "change": 1, "change_percent": 50.0}]


def test_the_order_of_counting_does_not_show() -> None:
    """The same figures counted in another order are the same bytes."""
    now, then = {"a": 1, "b": 2, "c": 3}, {"b": 1, "d": 2}
    one, other = report_of(now, then), report_of(dict(reversed(now.items())), dict(reversed(then.items())))
    assert to_json(one) == to_json(other)
    assert to_csv(one) == to_csv(other)


def test_csv_has_a_header_and_a_total() -> None:
    """One line a row, ended as RFC 4180 says, and the total last."""
    assert to_csv(report_of({"x": 3, "y": 1}, {"x": 2})) == (
        b"kind,value,previous,change,change_percent\r\nx,3,2,1,50.0\r\ny,1,0,1,\r\ntotal,4,2,2,100.0\r\n"
    )


def test_the_totals_as_csv() -> None:
    """All reports of one period, one line each."""
    one = Summary(
        name="violations", vi="Vi phạm", en="Violations", value=1, previous=2, change=-1, change_percent=Decimal("-50.0")
    )
    totals = Totals(
        first=date(2025, 1, 1),
        last=date(2025, 1, 31),
        compared_from=date(2024, 1, 1),
        compared_to=date(2024, 1, 31),
        totals=[one],
    )
    assert totals_to_csv(totals).decode().splitlines()[1] == "violations,2025-01-01,2025-01-31,1,2,-1,-50.0"


@given(st.text(max_size=12))
def test_no_text_is_taken_for_a_formula(kind: str) -> None:
    """A kind is somebody else's text: whatever it is, its cell starts no formula and keeps the text."""
    (_, row, _) = csv.reader(io.StringIO(to_csv(report_of({kind: 1}, {})).decode("utf-8", "surrogatepass"), newline=""))
    assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert row[0] in (kind, f"'{kind}")
    assert len(row) == 5


def test_a_formula_is_made_harmless() -> None:
    """The check above meets the real thing."""
    assert b"\r\n'=1+1,1,0,1,\r\n" in to_csv(report_of({"=1+1": 1}, {}))


def test_a_month_of_the_year_before_stands_under_its_later_namesake() -> None:
    """March 2024 is compared under March 2025."""
    assert month_key(date(2024, 3, 1), years_later=1) == "2025-03"
