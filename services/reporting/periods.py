"""Legal days and months: how a period is cut into whole months and ragged ends, and what it is compared with."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MINYEAR, UTC, date, datetime, time, timedelta
from typing import NamedTuple

from shared.kernel.clock import HANOI
from shared.kernel.errors import InvalidInput

_DAY = timedelta(days=1)
_WEEK = 7


class Span(NamedTuple):
    """Cells of one ``unit`` (``day`` or ``month``) that start within ``first`` and ``last``."""

    unit: str
    first: date
    last: date

    def starts(self) -> Iterator[date]:
        """Yield the first day of each cell."""
        start = self.first
        while start <= self.last:
            yield start
            start = next_month(start) if self.unit == "month" else start + _DAY


@dataclass(frozen=True)
class Period:
    """The legal days from ``first`` to ``last``, both included.

    Raises ``InvalidInput`` when it ends before it begins or has no year before it.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput(f"the period ends on {self.last} before it begins on {self.first}", "/to")
        if self.first.year == MINYEAR or self.last == date.max:
            raise InvalidInput("the period cannot be compared with the year before", "/from")

    def spans(self) -> Iterator[Span]:
        """Cover the period with month cells as far as its months are whole, and with day cells at its ends."""
        inner_first = self.first if self.first.day == 1 else month_end(self.first) + _DAY
        inner_last = self.last if self.last == month_end(self.last) else self.last.replace(day=1) - _DAY
        if inner_last < inner_first:
            yield Span("day", self.first, self.last)
            return
        if self.first < inner_first:
            yield Span("day", self.first, inner_first - _DAY)
        yield Span("month", inner_first, inner_last.replace(day=1))
        if inner_last < self.last:
            yield Span("day", inner_last + _DAY, self.last)

    def year_before(self) -> Period:
        """Return the same period of the year before; the end of February stays the end of February."""
        return Period(_year_before(self.first, at_end=False), _year_before(self.last, at_end=True))


def month_of(day: date) -> Period:
    """Return the whole month that ``day`` lies in."""
    return Period(day.replace(day=1), month_end(day))


def month_end(day: date) -> date:
    """Return the last day of the month that ``day`` lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def next_month(day: date) -> date:
    """Return the first day of the month after the one that ``day`` lies in."""
    return month_end(day) + _DAY


def year_to(day: date) -> Period:
    """Return the year so far, up to ``day``; in the first week of January the year that has just ended, whole.

    A few days tell nothing beside the same few days of the year before, and the old year is what is asked for then.
    """
    if (day.month, day.day) <= (1, _WEEK):
        return Period(date(day.year - 1, 1, 1), date(day.year - 1, 12, 31))
    return Period(date(day.year, 1, 1), day)


def end_of(day: date) -> datetime:
    """Return the moment at which ``day`` ends in Viet Nam, in UTC."""
    return datetime.combine(day + _DAY, time(), HANOI).astimezone(UTC)


def _year_before(day: date, *, at_end: bool) -> date:
    then = date(day.year - 1, day.month, 1)
    if at_end and day == month_end(day):
        return month_end(then)
    return then.replace(day=min(day.day, month_end(then).day))
