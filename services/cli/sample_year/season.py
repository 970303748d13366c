"""When in the year things happen: months, weekdays, holidays, and the weeks before Tết."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from shared.kernel.calendar import WorkingCalendar

_DAY = timedelta(days=1)
_BEFORE_TET = 25
_TET = "Tết Nguyên Đán"
_SATURDAY, _FRIDAY = 5, 4


class Season(NamedTuple):
    """How a stream swells and ebbs: ``months`` from January, ``rest`` on days off, ``tet`` in the weeks before Tết."""

    months: tuple[float, ...] = (1.0,) * 12
    rest: float = 0.06
    tet: float = 1.0
    fridays_only: bool = False


class Days:
    """The days of some years and what is said of them; made once, asked often."""

    def __init__(self, first: date, last: date) -> None:
        calendar = WorkingCalendar()
        self.all = [first + _DAY * number for number in range((last - first).days + 1)]
        self._working = {day: calendar.is_working(day) for day in self.all}
        tets = [day for day in self.all if calendar.holiday(day) == _TET]
        self._before_tet = {tet - _DAY * days for tet in tets for days in range(1, _BEFORE_TET + 1)}

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on ``day``, one of these days."""
        return self._working[day]

    def working_after(self, day: date, days: int) -> date | None:
        """Return the first working day at least ``days`` after ``day``, nothing when that is beyond the last day."""
        found = day + _DAY * days
        while found in self._working and not self._working[found]:
            found += _DAY
        return found if found in self._working else None

    def counts(self, season: Season, total: int, year: int, rng: Random) -> dict[date, int]:
        """Spread ``total`` events over the days of ``year``; no two days are quite alike."""
        days = [day for day in self.all if day.year == year]
        weights = [self._weight(day, season) * rng.uniform(0.7, 1.3) for day in days]
        scale = total / sum(weights)
        counts, reached, running = {}, 0, 0.0
        for day, weight in zip(days, weights, strict=True):
            running += weight * scale
            counts[day] = round(running) - reached
            reached = round(running)
        return counts

    def _weight(self, day: date, season: Season) -> float:
        if season.fridays_only:
            return season.months[day.month - 1] if day.weekday() == _FRIDAY else 0.0
        weight = season.months[day.month - 1] * (season.tet if day in self._before_tet else 1.0)
        return weight if self._working[day] else weight * season.rest
