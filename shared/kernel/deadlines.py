"""When a statutory time limit ends, by the Civil Code 2015 (91/2015/QH13).

* Hours run from the very moment of the event, through nights and holidays (Art. 147(1)).
* Days, working days and months: the day of the event is not counted, the first day is the one after it (Art. 147(2-3)),
  and the limit ends at the end of its last day, 24:00 in Viet Nam (Art. 148(1), 148(6)).
* A month ends on the day of the same number, or on the last day of a month that has no such day (Art. 148(3)).
* A limit in days or months whose last day is a weekend or a public holiday ends on the next working day (Art. 148(5)).

24:00 is written as the last microsecond of the day, so that the moment bears the date officials know it by; an act at
that very moment is still in time.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

import msgspec

from shared.kernel.calendar import WorkingCalendar
from shared.kernel.clock import HANOI


class Unit(StrEnum):
    """What a time limit is counted in."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"


class Term(msgspec.Struct, frozen=True):
    """A time limit as the law states it, for example 3 working days."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a time limit is at least 1")


def due_at(event: datetime, term: Term, working: WorkingCalendar) -> datetime:
    """Return the last moment (UTC) at which a duty that ``event`` began is still done in time."""
    if term.unit is Unit.HOUR:
        return event.astimezone(UTC) + timedelta(hours=term.amount)
    day = local_day(event)
    if term.unit is Unit.WORKING_DAY:
        return end_of_day(working.add(day, term.amount))
    last = add_months(day, term.amount) if term.unit is Unit.MONTH else day + timedelta(days=term.amount)
    return end_of_day(working.on_or_after(last))


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
