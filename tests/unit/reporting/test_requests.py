"""Queries of addresses: read strictly, and completed from the year so far."""

from __future__ import annotations

from datetime import date

import pytest

from services.reporting.periods import Period
from services.reporting.queries import Slice
from services.reporting.reports import By
from services.reporting.requests import ConsoleQuery, EventsQuery, IssueDay, PeriodQuery, ReportQuery
from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import read_query

SO_FAR = Period(date(2025, 1, 1), date(2025, 6, 30))


@pytest.mark.parametrize(
    ("arguments", "first", "last"),
    [
        ({}, "2025-01-01", "2025-06-30"),
        ({"from": "2025-02-01"}, "2025-02-01", "2025-06-30"),
        ({"from": "2025-08-01"}, "2025-08-01", "2025-08-01"),
        ({"to": "2024-03-31"}, "2024-01-01", "2024-03-31"),
        ({"from": "2023-05-01", "to": "2024-03-31"}, "2023-05-01", "2024-03-31"),
    ],
)
def test_periods_are_completed(arguments: dict[str, str], first: str, last: str) -> None:
    """A missing end is the newest day, a missing beginning that of the year."""
    expected = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert read_query(arguments, PeriodQuery).period(SO_FAR) == expected


def test_a_whole_query() -> None:
    """Everything that may be asked of a report."""
    query = read_query({"by": "province", "format": "csv", "province": "46", "kind": "", "cut_off": "2025-02-01"}, ReportQuery)
    assert (query.by, query.format, query.cut_off) == (By.PROVINCE, "csv", date(2025, 2, 1))
    assert query.where == Slice(province="46", kind="")


@pytest.mark.parametrize(
    ("kind", "arguments", "pointer"),
    [
        (ReportQuery, {"form": "csv"}, ""),
        (ReportQuery, {"by": "planet"}, "/by"),
        (ReportQuery, {"from": "yesterday"}, "/from"),
        (ReportQuery, {"format": "xlsx"}, "/format"),
        (ReportQuery, {"cut_off": "2025-13-01"}, "/cut_off"),
        (EventsQuery, {"limit": "0"}, "/limit"),
        (EventsQuery, {"limit": "1001"}, "/limit"),
        (ConsoleQuery, {"lang": "fr"}, "/lang"),
        (IssueDay, {"period_from": "march"}, "/period_from"),
    ],
)
def test_wrong_arguments_are_named(kind: type, arguments: dict[str, str], pointer: str) -> None:
    """What is misspelt or out of bounds is refused, with its name."""
    with pytest.raises(InvalidInput) as refused:
        read_query(arguments, kind)
    assert refused.value.pointer == pointer
    assert refused.value.detail


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_cut_off_outside_of_all_facts_is_refused(day: str) -> None:
    """The end of the last day of the calendar cannot be told."""
    with pytest.raises(InvalidInput, match="cut_off"):
        read_query({"cut_off": day}, ReportQuery)
