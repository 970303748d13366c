"""Statutory clocks: when they fall due, how they stand, and what is to be announced about them.

A clock is a function of the legal times of acts, never of when or in which order their events arrived: it can be worked
out again from the same acts at any time and comes out the same. Only ``warned`` and ``announced`` remember the past.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from services.planning.model.acts import Moment
from services.planning.model.subjects import Subject, name_in
from shared.contracts.envelope import check_year
from shared.kernel.calendar import WorkingCalendar
from shared.kernel.deadlines import Limit, due_at, local_day
from shared.kernel.ids import derived_id


class ClockRule(msgspec.Struct, frozen=True, kw_only=True):
    """A duty with a time limit: which acts start it, which satisfy it, and the law it comes from.

    ``duty`` is stored and published: never rename it. ``rows`` are its rows in the table of statutory time limits.
    No ``limit`` is a duty for which the law sets no time: it is open until it is done. ``at_least`` is a period that must
    not be cut short: the act that ends it may not come before the limit. ``again`` starts anew with every act that starts
    it. ``verified`` is false where the cited text does not say the number or the day in so many words, or was not at hand.
    """

    duty: str
    rows: tuple[str, ...] = ()
    vi: str
    en: str
    started_by: tuple[str, ...]
    stopped_by: tuple[str, ...]
    limit: Limit | None
    warn_before: timedelta = timedelta(0)
    source: str
    verified: bool = True
    at_least: bool = False
    again: bool = False
    of_year_before: bool = False
    valid_from: date = date.min
    valid_to: date = date.max

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the rule was in force on ``day``."""
        return self.valid_from <= day <= self.valid_to


class ClockState(StrEnum):
    """How a clock stands.

    ``met_recorded_late`` was met in time, but the act became known after it had been announced missed;
    ``over_on_arrival`` was over before its start was published, so nobody could have met it.
    """

    RUNNING = "running"
    MET = "met"
    MET_RECORDED_LATE = "met_recorded_late"
    MISSED = "missed"
    OVER_ON_ARRIVAL = "over_on_arrival"


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """One duty's time limit for one subject; ``about`` names what was acted on to start it.

    ``warn_at`` is never before the start became known: what arrives late is announced late, not in the past.
    ``late_on_arrival`` marks a limit that was over before its start was published.
    """

    clock_id: str
    duty: str
    source: str
    about: str
    subject: Subject
    started_at: datetime
    warn_at: datetime | None
    due_at: datetime | None
    satisfied_at: datetime | None = None
    at_least: bool = False
    late_on_arrival: bool = False
    warned: bool = False
    announced: bool = False

    @property
    def met(self) -> bool:
        """Tell whether the duty was done in time."""
        if self.satisfied_at is None or self.due_at is None:
            return self.satisfied_at is not None
        return self.satisfied_at >= self.due_at if self.at_least else self.satisfied_at <= self.due_at

    @property
    def state(self) -> ClockState:
        """Return how the clock stands; one whose time has passed unnoticed runs until it is announced."""
        if self.met:
            return ClockState.MET_RECORDED_LATE if self.announced else ClockState.MET
        if self.announced or self.satisfied_at is not None:
            return ClockState.OVER_ON_ARRIVAL if self.late_on_arrival else ClockState.MISSED
        return ClockState.RUNNING

    @property
    def broken_at(self) -> datetime | None:
        """Return the moment at which the duty is broken unless it is done; for a period cut short, when that was."""
        if self.at_least:
            return None if self.satisfied_at is None or self.met else self.satisfied_at
        return None if self.met else self.due_at

    @property
    def next_at(self) -> datetime | None:
        """Return the moment whose passing must be announced next, if the duty is still undone at it."""
        if self.announced or self.due_at is None or self.warn_at is None:
            return None
        undone_at_warning = self.satisfied_at is None or self.satisfied_at > self.warn_at
        if not self.warned and undone_at_warning and self.warn_at < self.due_at:
            return self.warn_at
        return self.broken_at


def clocks_of(
    subject: Subject, moments: Mapping[str, Collection[Moment]], rules: Iterable[ClockRule], working: WorkingCalendar
) -> Iterator[Clock]:
    """Yield the clocks that the acts done to a subject have started."""
    for rule in rules:
        starts = sorted(moment for name in rule.started_by for moment in moments.get(name, ()))
        ends = sorted(moment.at for name in rule.stopped_by for moment in moments.get(name, ()))
        for start in starts if rule.again else starts[:1]:
            if not rule.is_valid_on(local_day(start.at)):
                continue
            due = due_at(start.at, rule.limit, working) if rule.limit is not None else None
            if due is not None and not _can_be_told(due):
                continue
            yield Clock(
                clock_id=derived_id("clock", rule.duty, subject.subject_id, *([start.at.isoformat()] if rule.again else [])),
                duty=rule.duty,
                source=rule.source,
                about=name_in(start.about),
                subject=subject,
                started_at=min(start.at, start.known_at),
                warn_at=None if due is None else max(due - rule.warn_before, start.known_at),
                due_at=due,
                satisfied_at=next((end for end in ends if end > start.at or not rule.again), None),
                at_least=rule.at_least,
                late_on_arrival=due is not None and start.known_at > due and not rule.at_least,
            )


def _can_be_told(due: datetime) -> bool:
    """Tell whether an event can bear this time: one mistyped as the last day of the last year starts no clock."""
    try:
        check_year("due_at", due)
    except ValueError:
        return False
    return True
