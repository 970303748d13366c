"""When a statutory time limit ends, by the Civil Code 2015 (91/2015/QH13).

* Hours run from the very moment of the event, through nights and holidays (Art. 147(1)).
* Days, working days and months: the day of the event is not counted, the first day is the one after it (Art. 147(2-3)),
  and the limit ends at the end of its last day, 24:00 in Viet Nam (Art. 148(1), 148(6)).
* A month ends on the day of the same number, or on the last day of a month that has no such day (Art. 148(3)).
* A limit in days, months or years whose last day is a weekend or a public holiday ends on the next working day
  (Art. 148(5)). A date of the calendar ("before 31 March") is no such limit and is not moved: the duty is done before it.

24:00 is written as the last microsecond of the day, so that the moment bears the date officials know it by; an act at
that very moment is still in time.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeAlias

import msgspec

from shared.kernel.calendar import WorkingCalendar
from shared.kernel.clock import HANOI

_COMMON_YEAR = 2025  # any year that is no leap year


class Unit(StrEnum):
    """What a time limit is counted in."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


class Term(msgspec.Struct, frozen=True):
    """A time limit as the law states it, for example 3 working days."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a time limit is at least 1")


class AtOnce(msgspec.Struct, frozen=True):
    """A duty the law wants done at once and gives no number for; read as: by the end of the first working day there is."""


class Until(msgspec.Struct, frozen=True):
    """A limit that was given as a moment: the event itself is the last moment."""


class Ahead(msgspec.Struct, frozen=True):
    """A duty to be done so many working days before the event."""

    working_days: int


class EachYear(msgspec.Struct, frozen=True):
    """A duty due on days of the calendar, (month, day) each: the first of them on or after the event."""

    days: tuple[tuple[int, int], ...]


class EachMonth(msgspec.Struct, frozen=True):
    """A duty due on the same day of every month."""

    day: int


class EachWeek(msgspec.Struct, frozen=True):
    """A duty due on the same day of every week; Monday is 1."""

    weekday: int


Limit: TypeAlias = Term | AtOnce | Until | Ahead | EachYear | EachMonth | EachWeek


def before(month: int, day: int) -> EachYear:
    """Return the limit "before the ``day`` of ``month``" ("trước ngày …"): the day before it is the last."""
    last = date(_COMMON_YEAR, month, day) - timedelta(days=1)
    return EachYear(((last.month, last.day),))


def due_at(event: datetime, limit: Limit, working: WorkingCalendar) -> datetime:
    """Return the last moment (UTC) at which a duty that ``event`` began is still done in time."""
    match limit:
        case Until():
            return event.astimezone(UTC)
        case Term(unit=Unit.HOUR):
            return event.astimezone(UTC) + timedelta(hours=limit.amount)
    return end_of_day(_last_day(local_day(event), limit, working))


def _last_day(day: date, limit: Limit, working: WorkingCalendar) -> date:
    match limit:
        case Term():
            return _term_ends(day, limit, working)
        case AtOnce():
            return working.on_or_after(day)
        case Ahead():
            return working.subtract(day, limit.working_days)
        case EachYear():
            dates = (date(year, *one) for year in (day.year, day.year + 1) for one in sorted(limit.days))
            return next(one for one in dates if one >= day)
        case EachMonth():
            this_month = day.replace(day=limit.day)
            return this_month if this_month >= day else add_months(this_month, 1)
        case EachWeek():
            return day + timedelta(days=(limit.weekday - day.isoweekday()) % 7)
    raise TypeError(f"{type(limit).__name__} does not end by days")


def _term_ends(day: date, term: Term, working: WorkingCalendar) -> date:
    match term.unit:
        case Unit.WORKING_DAY:
            return working.add(day, term.amount)
        case Unit.MONTH | Unit.YEAR:
            last = add_months(day, term.amount * (12 if term.unit is Unit.YEAR else 1))
        case _:
            last = day + timedelta(days=term.amount)
    return working.on_or_after(last)


def local_day(moment: datetime) -> date:
    """Return the day ``moment`` falls on in Viet Nam, where every legal day begins and ends."""
    return moment.astimezone(HANOI).date()


def end_of_day(day: date) -> datetime:
    """Return the last moment of ``day`` in Viet Nam, in UTC."""
    return datetime.combine(day, time.max, tzinfo=HANOI).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """Return the day of the same number ``months`` later, or the last day of a month too short to have it."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
