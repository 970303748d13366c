"""Working days of Vietnamese public offices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()
DAYS = st.dates(date(2007, 1, 1), date(2099, 6, 30))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2025, 3, 14), True),  # an ordinary Friday
        (date(2025, 3, 15), False),  # a Saturday
        (date(2025, 1, 24), True),  # the last working day before Tết 2025
        (date(2025, 1, 27), False),  # 28th of the last lunar month, given by the Government
        (date(2025, 1, 31), False),  # third day of Tết
        (date(2025, 2, 3), True),  # back at work
        (date(2025, 4, 7), False),  # Hùng Kings' day
        (date(2025, 5, 2), False),  # swapped day off
        (date(2025, 4, 26), True),  # the Saturday worked for it
        (date(2027, 5, 3), False),  # 1 May fell on a Saturday: compensated on Monday
        (date(2026, 4, 27), False),  # Hùng Kings' day fell on a Sunday: compensated on Monday
        (date(2007, 2, 17), False),  # Tết 2007, a day before the Chinese new year
        (date(2024, 12, 31), True),
        (date(2025, 1, 1), False),
    ],
)
def test_knows_the_law_of_holidays(day: date, working: bool) -> None:
    """Weekends, Tết, compensatory and swapped days are told apart from working days."""
    assert CALENDAR.is_working(day) is working


def test_holidays_have_their_vietnamese_name() -> None:
    """The name is the one an official reads."""
    assert CALENDAR.holiday(date(2025, 1, 29)) == "Tết Nguyên Đán"
    assert CALENDAR.holiday(date(2025, 3, 14)) == ""


def test_an_override_has_the_last_word() -> None:
    """A day off the library does not know, and a Saturday worked for it, both ways."""
    friday, saturday = date(2026, 1, 2), date(2026, 1, 10)
    swapped = WorkingCalendar({friday: False, saturday: True})
    assert (CALENDAR.is_working(friday), CALENDAR.is_working(saturday)) == (True, False)
    assert (swapped.is_working(friday), swapped.is_working(saturday)) == (False, True)
    assert swapped.add(date(2025, 12, 31), 1) == date(2026, 1, 5)


def test_working_days_are_counted_across_tet_and_the_year() -> None:
    """The day itself is not counted, and days off are passed over."""
    assert CALENDAR.add(date(2025, 1, 24), 1) == date(2025, 2, 3)
    assert CALENDAR.add(date(2025, 1, 23), 3) == date(2025, 2, 4)
    assert CALENDAR.add(date(2024, 12, 30), 3) == date(2025, 1, 3)
    assert CALENDAR.add(date(2025, 4, 25), 1) == date(2025, 4, 26)


def test_nothing_cannot_be_counted() -> None:
    """Zero working days has no last day."""
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.add(date(2025, 3, 14), 0)
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.subtract(date(2025, 3, 14), 0)


@given(day=DAYS, amount=st.integers(1, 30))
def test_the_last_day_is_a_working_day_with_exactly_the_others_before_it(day: date, amount: int) -> None:
    """Between the start and the result lie as many working days as were asked for."""
    last = CALENDAR.add(day, amount)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert CALENDAR.is_working(last)
    assert sum(map(CALENDAR.is_working, between)) == amount


@given(day=DAYS, first=st.integers(1, 15), then=st.integers(1, 15))
def test_counting_in_two_steps_is_counting_once(day: date, first: int, then: int) -> None:
    """Adding working days is additive."""
    assert CALENDAR.add(CALENDAR.add(day, first), then) == CALENDAR.add(day, first + then)


@given(day=DAYS, amount=st.integers(1, 20))
def test_counting_back_undoes_counting_on(day: date, amount: int) -> None:
    """From a working day, so many forward and as many back is that day again."""
    start = CALENDAR.on_or_after(day)
    assert CALENDAR.subtract(CALENDAR.add(start, amount), amount) == start
