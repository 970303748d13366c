"""Periods: every day is covered once, by months where it can be, and compared with the right days."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.periods import Period, end_of, month_end, month_of, next_month, year_to
from shared.kernel.errors import InvalidInput

_DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def days_of(period: Period) -> Counter[date]:
    """Return the days from the first to the last."""
    return Counter(period.first + timedelta(days=number) for number in range((period.last - period.first).days + 1))


@given(_DAYS, st.integers(0, 900))
def test_spans_cover_each_day_once(first: date, length: int) -> None:
    """Month cells and day cells together stand for every day of the period, none of them twice."""
    period = Period(first, min(first + timedelta(days=length), date(2099, 12, 31)))
    covered: Counter[date] = Counter()
    for grain, start, last in period.spans():
        covered += days_of(Period(start, month_end(last) if grain == "month" else last))
    assert covered == days_of(period)


@given(_DAYS, st.integers(0, 900))
def test_at_most_two_months_of_day_cells(first: date, length: int) -> None:
    """However long a period is, its ragged ends are shorter than two months."""
    period = Period(first, first + timedelta(days=length))
    assert sum((last - start).days + 1 for grain, start, last in period.spans() if grain == "day") <= 60


def test_whole_months_need_no_day_cells() -> None:
    """A year is twelve month cells."""
    assert [tuple(span) for span in Period(date(2025, 1, 1), date(2025, 12, 31)).spans()] == [
        ("month", date(2025, 1, 1), date(2025, 12, 1))
    ]


@pytest.mark.parametrize(
    ("first", "last", "then_first", "then_last"),
    [
        ("2025-01-01", "2025-03-17", "2024-01-01", "2024-03-17"),
        ("2025-02-01", "2025-02-28", "2024-02-01", "2024-02-29"),
        ("2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28"),
        ("2024-02-29", "2024-03-01", "2023-02-28", "2023-03-01"),
        ("2024-11-15", "2025-02-10", "2023-11-15", "2024-02-10"),
    ],
)
def test_the_year_before(first: str, last: str, then_first: str, then_last: str) -> None:
    """A period is compared with the same days a year earlier, and a whole February with a whole February."""
    now = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert now.year_before() == Period(date.fromisoformat(then_first), date.fromisoformat(then_last))


@pytest.mark.parametrize(
    ("first", "last"), [("2025-02-01", "2025-01-31"), ("0001-01-01", "0001-02-01"), ("9999-01-01", "9999-12-31")]
)
def test_impossible_periods_are_refused(first: str, last: str) -> None:
    """A period that ends before it begins, or that cannot be compared, is the user's error."""
    with pytest.raises(InvalidInput):
        Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2025-03-14", "2025-01-01", "2025-03-14"),
        ("2025-01-08", "2025-01-01", "2025-01-08"),
        ("2025-01-07", "2024-01-01", "2024-12-31"),
        ("2025-12-31", "2025-01-01", "2025-12-31"),
    ],
)
def test_the_year_so_far(day: str, first: str, last: str) -> None:
    """The year so far, and in the first week of January the year that has just ended."""
    assert year_to(date.fromisoformat(day)) == Period(date.fromisoformat(first), date.fromisoformat(last))


def test_a_day_ends_at_midnight_in_viet_nam() -> None:
    """Legal days are those of Asia/Ho_Chi_Minh, seven hours before UTC's."""
    assert end_of(date(2025, 3, 31)) == datetime(2025, 3, 31, 17, tzinfo=UTC)


def test_months() -> None:
    """A month reaches from its first to its last day, and December is followed by January."""
    assert month_of(date(2024, 2, 10)) == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert next_month(date(2024, 12, 10)) == date(2025, 1, 1)
