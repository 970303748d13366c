"""When statutory time limits end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.calendar import WorkingCalendar
from shared.kernel.clock import HANOI
from shared.kernel.deadlines import (
    Ahead,
    AtOnce,
    EachMonth,
    EachWeek,
    EachYear,
    Limit,
    Term,
    Unit,
    Until,
    add_months,
    before,
    due_at,
    end_of_day,
    local_day,
)

CALENDAR = WorkingCalendar()
MOMENTS = st.datetimes(datetime(2007, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given its zone here


def hanoi(*parts: int) -> datetime:
    """Return a local moment."""
    return datetime(*parts, tzinfo=HANOI)  # type: ignore[arg-type,misc]


def last_day(event: datetime, amount: int, unit: Unit) -> date:
    """Return the local day on which a limit ends."""
    return local_day(due_at(event, Term(amount, unit), CALENDAR))


def test_hours_run_through_nights_and_holidays() -> None:
    """24 hours from a Saturday evening in Tết end on the next evening, to the second."""
    assert due_at(hanoi(2025, 1, 25, 17, 30, 15), Term(24, Unit.HOUR), CALENDAR) == hanoi(2025, 1, 26, 17, 30, 15)


def test_a_limit_in_days_ends_with_its_last_day() -> None:
    """The end is the last microsecond before midnight in Viet Nam, which is 17:00 in UTC."""
    due = due_at(hanoi(2025, 3, 11, 9), Term(3, Unit.WORKING_DAY), CALENDAR)
    assert due == datetime(2025, 3, 14, 16, 59, 59, 999999, tzinfo=UTC)
    assert due + timedelta(microseconds=1) == hanoi(2025, 3, 15)


@pytest.mark.parametrize(
    ("event", "amount", "unit", "last"),
    [
        # the day of the event is the Vietnamese one: 23:59 and 00:00 local are different days, though one in UTC
        (hanoi(2025, 3, 10, 23, 59), 3, Unit.WORKING_DAY, date(2025, 3, 13)),
        (hanoi(2025, 3, 11, 0, 0), 3, Unit.WORKING_DAY, date(2025, 3, 14)),
        (hanoi(2025, 3, 14, 9), 3, Unit.WORKING_DAY, date(2025, 3, 19)),  # over a weekend
        (hanoi(2025, 3, 15, 9), 3, Unit.WORKING_DAY, date(2025, 3, 19)),  # begun on a Saturday
        (hanoi(2025, 1, 24, 9), 3, Unit.WORKING_DAY, date(2025, 2, 5)),  # over Tết
        (hanoi(2024, 12, 31, 9), 1, Unit.WORKING_DAY, date(2025, 1, 2)),  # over the new year
        (hanoi(2025, 3, 3, 9), 15, Unit.DAY, date(2025, 3, 18)),  # a Tuesday
        (hanoi(2025, 3, 7, 9), 15, Unit.DAY, date(2025, 3, 24)),  # the 22nd is a Saturday
        (hanoi(2025, 1, 14, 9), 15, Unit.DAY, date(2025, 2, 3)),  # the 29th is the first day of Tết
        (hanoi(2025, 1, 31, 9), 1, Unit.MONTH, date(2025, 2, 28)),  # no 31st; a Friday
        (hanoi(2024, 1, 31, 9), 1, Unit.MONTH, date(2024, 2, 29)),
        (hanoi(2024, 12, 14, 9), 3, Unit.MONTH, date(2025, 3, 14)),
        (hanoi(2025, 2, 15, 9), 1, Unit.MONTH, date(2025, 3, 17)),  # the 15th is a Saturday
        (hanoi(2024, 2, 29, 9), 3, Unit.YEAR, date(2027, 3, 1)),  # no 29 February, and the 28th is a Sunday
        (hanoi(2024, 2, 29, 9), 4, Unit.YEAR, date(2028, 2, 29)),
        (hanoi(2022, 1, 29, 9), 3, Unit.YEAR, date(2025, 2, 3)),  # the first day of Tết
    ],
)
def test_counts_as_the_civil_code_says(event: datetime, amount: int, unit: Unit, last: date) -> None:
    """First day not counted, last day moved off weekends and holidays."""
    assert last_day(event, amount, unit) == last


@pytest.mark.parametrize(
    ("event", "limit", "last"),
    [
        # before the 31st of March: the 30th is the last day, a Sunday or not; from the 31st on it is next year's
        (hanoi(2025, 1, 1), before(3, 31), date(2025, 3, 30)),
        (hanoi(2025, 3, 30, 23, 59), before(3, 31), date(2025, 3, 30)),
        (hanoi(2025, 3, 31, 0, 0), before(3, 31), date(2026, 3, 30)),
        (hanoi(2025, 1, 1), before(10, 1), date(2025, 9, 30)),
        (hanoi(2024, 1, 1), before(3, 1), date(2024, 2, 28)),
        # half-years
        (hanoi(2025, 6, 30, 23, 59), EachYear(((12, 31), (6, 30))), date(2025, 6, 30)),
        (hanoi(2025, 7, 1, 0, 0), EachYear(((12, 31), (6, 30))), date(2025, 12, 31)),
        # the 17th of the month, and the end of the year
        (hanoi(2025, 2, 17, 23, 59), EachMonth(17), date(2025, 2, 17)),
        (hanoi(2025, 2, 18, 0, 0), EachMonth(17), date(2025, 3, 17)),
        (hanoi(2025, 12, 18), EachMonth(17), date(2026, 1, 17)),
        # Wednesday of a week, over the new year
        (hanoi(2024, 12, 30), EachWeek(3), date(2025, 1, 1)),
        (hanoi(2025, 3, 12, 23, 59), EachWeek(3), date(2025, 3, 12)),
        (hanoi(2025, 3, 13, 0, 0), EachWeek(3), date(2025, 3, 19)),
        # at once: today where offices work, else their first day; Tết 2025 ends on Sunday 2 February
        (hanoi(2025, 3, 14, 23, 59), AtOnce(), date(2025, 3, 14)),
        (hanoi(2025, 3, 15, 0, 0), AtOnce(), date(2025, 3, 17)),
        (hanoi(2025, 1, 25, 9), AtOnce(), date(2025, 2, 3)),
        # seven working days before a meeting, over Hùng Kings' day and over Tết
        (hanoi(2025, 4, 15, 8), Ahead(7), date(2025, 4, 3)),
        (hanoi(2025, 2, 5, 8), Ahead(7), date(2025, 1, 20)),
    ],
)
def test_other_limits_end_when_the_law_says(event: datetime, limit: Limit, last: date) -> None:
    """Dates of the calendar are never moved; what is due at once or before an event keeps to working days."""
    assert due_at(event, limit, CALENDAR) == end_of_day(last)


def test_a_limit_given_as_a_moment_is_that_moment() -> None:
    """A paper that says 17:00 on the 20th means it, whatever day that is."""
    assert due_at(hanoi(2025, 3, 22, 17), Until(), CALENDAR) == datetime(2025, 3, 22, 10, tzinfo=UTC)


def test_a_time_limit_is_never_nothing() -> None:
    """A term of zero is refused where it is written."""
    with pytest.raises(ValueError, match="at least 1"):
        Term(0, Unit.DAY)


@given(event=MOMENTS, amount=st.integers(1, 60), unit=st.sampled_from(list(Unit)))
def test_a_limit_ends_after_it_began_and_grows_with_its_amount(event: datetime, amount: int, unit: Unit) -> None:
    """Due times are later than the event and monotone in the amount."""
    due = due_at(event, Term(amount, unit), CALENDAR)
    assert event < due <= due_at(event, Term(amount + 1, unit), CALENDAR)


@given(event=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=40)), unit=st.sampled_from(list(Unit)))
def test_a_later_event_is_never_due_earlier(event: datetime, later: timedelta, unit: Unit) -> None:
    """Due times are monotone in the event."""
    assert due_at(event, Term(2, unit), CALENDAR) <= due_at(event + later, Term(2, unit), CALENDAR)


@given(event=MOMENTS, amount=st.integers(1, 40), unit=st.sampled_from([Unit.DAY, Unit.WORKING_DAY, Unit.MONTH, Unit.YEAR]))
def test_limits_in_days_end_on_a_working_day_whatever_the_hour(event: datetime, amount: int, unit: Unit) -> None:
    """The hour of the event plays no part, and the last day is one on which an office can act."""
    term, day = Term(amount, unit), local_day(event)
    due = due_at(event, term, CALENDAR)
    assert CALENDAR.is_working(local_day(due))
    assert due == due_at(end_of_day(day), term, CALENDAR) == end_of_day(local_day(due))


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), months=st.integers(-24, 24))
def test_months_keep_the_day_or_end_with_the_month(day: date, months: int) -> None:
    """The result lies in the month asked for, on the same number or on the month's last day."""
    result = add_months(day, months)
    assert (result.year * 12 + result.month) - (day.year * 12 + day.month) == months
    assert result.day == day.day or (result + timedelta(days=1)).day == 1
