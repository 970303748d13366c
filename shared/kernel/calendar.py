"""Working days of Vietnamese public offices: Monday to Friday, public holidays by law, and days the Government swaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5


class _Year(NamedTuple):
    """What the law says of one year: its public holidays by name, and weekend days worked in exchange for another day."""

    holidays: Mapping[date, str]
    worked_weekends: frozenset[date]


@cache
def _year(year: int) -> _Year:
    found = holidays.country_holidays("VN", years=year, language="vi")
    worked = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    return _Year(dict(found), worked)


class WorkingCalendar:
    """Tells working days from days off.

    Public holidays (Labour Code 2019, Art. 112: Tết, compensatory days and the swaps known to it) come from the
    ``holidays`` library. ``overrides`` has the last word: the Government announces swaps of single days late in the year
    before, so a table must be able to say ``{day: True}`` (worked) or ``{day: False}`` (day off) without a new release.
    """

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})

    def is_working(self, day: date) -> bool:
        """Tell whether public offices work on ``day``."""
        decided = self._overrides.get(day)
        if decided is not None:
            return decided
        year = _year(day.year)
        if day.weekday() >= _SATURDAY:
            return day in year.worked_weekends
        return day not in year.holidays

    def holiday(self, day: date) -> str:
        """Return the Vietnamese name of the public holiday on ``day``, empty when there is none."""
        return _year(day.year).holidays.get(day, "")

    def on_or_after(self, day: date) -> date:
        """Return ``day`` when it is a working day, else the next one that is."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add(self, day: date, working_days: int) -> date:
        """Return the last of the ``working_days`` (1 or more) that follow ``day``; ``day`` itself is not counted."""
        if working_days < 1:
            raise ValueError("at least one working day is counted")
        for _ in range(working_days):
            day = self.on_or_after(day + _DAY)
        return day

    def subtract(self, day: date, working_days: int) -> date:
        """Return the first of the ``working_days`` (1 or more) that come before ``day``; ``day`` itself is not counted."""
        if working_days < 1:
            raise ValueError("at least one working day is counted")
        for _ in range(working_days):
            day -= _DAY
            while not self.is_working(day):
                day -= _DAY
        return day
