"""What an item will come to by the end of the year at its pace so far.

The year goes on as it began: by working days gone, or, where the same unit's last year tells how its work is spread over
the months, by the share of last year that was done by now. Too early in the year nothing is said.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

import msgspec

from shared.kernel.calendar import WorkingCalendar

_LEAST_WORKING_DAYS = 20
_LEAST_LAST_YEAR = 24  # activities, below which its months tell nothing


class Outlook(StrEnum):
    """How an item is likely to end."""

    REACHED = "reached"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    CANNOT_BE_TOLD_YET = "cannot_be_told_yet"
    MISSED = "missed"


class Basis(StrEnum):
    """What a forecast rests on."""

    WORKING_DAYS = "working_days"
    LAST_YEAR = "last_year"
    NONE = "none"


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """``projected`` is what the year comes to; ``elapsed_percent`` the share of its work that should be done by now."""

    outlook: Outlook
    basis: Basis = Basis.NONE
    projected: int | None = None
    elapsed_percent: int | None = None


def working_days_gone(year: int, on: date, working: WorkingCalendar) -> tuple[int, int]:
    """Return the working days of ``year`` that lie before ``on``, and all of them."""
    days = [day for number in range(366) if (day := date(year, 1, 1) + timedelta(days=number)).year == year]
    open_days = [day for day in days if working.is_working(day)]
    return sum(day < on for day in open_days), len(open_days)


def foretell(done: int, target: int, gone: tuple[int, int], year_is_over: bool, last_year_by_now: Fraction | None) -> Forecast:
    """Return the forecast of an item, from the working days gone and, where it tells, the part of last year done by now."""
    if done >= target:
        return Forecast(outlook=Outlook.REACHED, projected=done)
    if year_is_over:
        return Forecast(outlook=Outlook.MISSED, projected=done)
    days, all_days = gone
    basis = Basis.WORKING_DAYS if last_year_by_now is None else Basis.LAST_YEAR
    share = Fraction(days, all_days) if last_year_by_now is None else last_year_by_now
    if days < _LEAST_WORKING_DAYS or share <= 0:
        return Forecast(outlook=Outlook.CANNOT_BE_TOLD_YET)
    projected = int(done / share)
    return Forecast(
        outlook=Outlook.ON_TRACK if projected >= target else Outlook.BEHIND,
        basis=basis,
        projected=projected,
        elapsed_percent=int(100 * share),
    )


def last_year_by_now(by_month: Mapping[int, int], on: date) -> Fraction | None:
    """Return the part of last year's work that was done by the same day, or nothing where it was too little to tell.

    A month is taken as done evenly.
    """
    total = sum(by_month.values())
    if total < _LEAST_LAST_YEAR:
        return None
    before = sum(done for month, done in by_month.items() if month < on.month)
    this_month = Fraction(by_month.get(on.month, 0) * (on.day - 1), monthrange(on.year, on.month)[1])
    return (before + this_month) / total
