"""Periods that a duty comes round in, and how they are called: 2025, 2025-H1, 2025-Q3, 2025-03, 2025-W11."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from shared.kernel.deadlines import EachMonth, EachWeek, EachYear, Limit, add_months

_DAY = timedelta(days=1)
_MONTHS_IN = {"H": 6, "Q": 3}


def periods_of(year: int, limit: Limit, *, of_year_before: bool = False) -> Iterator[tuple[str, date]]:
    """Yield the periods of ``year`` in which a duty with such a limit comes round, each with its first day.

    A report on the year before (``of_year_before``) is called after that year, and falls due in this one. Raises
    ``ValueError`` for a limit that does not come round by the calendar.
    """
    match limit:
        case EachYear(days=days) if len(days) == 1:
            yield str(year - of_year_before), date(year, 1, 1)
        case EachYear(days=days):
            length = 12 // len(days)
            letter = next(one for one, months in _MONTHS_IN.items() if months == length)
            for number in range(len(days)):
                yield f"{year}-{letter}{number + 1}", date(year, 1 + number * length, 1)
        case EachMonth():
            for month in range(1, 13):
                yield f"{year}-{month:02}", date(year, month, 1)
        case EachWeek():
            monday = date.fromisocalendar(year, 1, 1)
            while monday.isocalendar().year == year:
                yield f"{year}-W{monday.isocalendar().week:02}", monday
                monday += 7 * _DAY
        case _:
            raise ValueError(f"{type(limit).__name__} does not come round by the calendar")


def period_between(first: date, last: date) -> str:
    """Return how the period from ``first`` to ``last`` is called; one that is no usual period by its days."""
    if first.day == 1:
        after = last + _DAY
        if add_months(first, 1) == after:
            return f"{first.year}-{first.month:02}"
        if add_months(first, 12) == after and first.month == 1:
            return str(first.year)
        for letter, months in _MONTHS_IN.items():
            if add_months(first, months) == after and (first.month - 1) % months == 0:
                return f"{first.year}-{letter}{first.month // months + 1}"
    if first.isoweekday() == 1 and last - first == 6 * _DAY:
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return f"{first}..{last}"
