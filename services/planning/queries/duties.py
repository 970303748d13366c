"""The table of statutory time limits, as the rules have it."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from services.planning.model.clocks import ClockRule
from services.planning.rules import clock_rules
from services.planning.rules.time_limits_that_no_clock_can_run_for import WITHOUT_CLOCK
from shared.kernel.deadlines import Ahead, AtOnce, EachMonth, EachWeek, EachYear, Limit, Term, Until

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One duty with a time limit; ``why`` says why no clock can run for it, empty where one does."""

    row: str
    duty: str = ""
    vi: str
    en: str
    limit: str = ""
    warned_hours_before: int = 0
    source: str
    verified: bool = True
    why_vi: str = ""
    why_en: str = ""


def duties() -> list[Duty]:
    """Return all rows of the table, each with the duty whose clock runs for it or the reason why none does."""
    running = [_running(row, rule) for rule in clock_rules() for row in rule.rows or ("",)]
    others = [
        Duty(row=row, vi=one.vi, en=one.en, source=one.source, why_vi=one.why_vi, why_en=one.why_en)
        for row, one in WITHOUT_CLOCK.items()
    ]
    return sorted([*running, *others], key=lambda one: (one.row == "", one.row, one.duty))


def _running(row: str, rule: ClockRule) -> Duty:
    return Duty(
        row=row,
        duty=rule.duty,
        vi=rule.vi,
        en=rule.en,
        limit=_in_words(rule.limit, at_least=rule.at_least),
        warned_hours_before=rule.warn_before // timedelta(hours=1),
        source=rule.source,
        verified=rule.verified,
    )


def _in_words(limit: Limit | None, *, at_least: bool) -> str:
    match limit:
        case Term():
            words = f"{limit.amount} {limit.unit.replace('_', ' ')}{'s' * (limit.amount > 1)}"
        case Ahead():
            words = f"{limit.working_days} working days before"
        case EachYear():
            words = "by " + " and ".join(f"{day} {_MONTHS[month - 1]}" for month, day in sorted(limit.days))
        case EachMonth():
            words = f"by day {limit.day} of the month"
        case EachWeek():
            words = f"by {_DAYS[limit.weekday - 1]}"
        case AtOnce():
            words = "at once"
        case Until():
            words = "the time set"
        case _:
            words = "open until done: the law sets no time"
    return f"at least {words}" if at_least else words
