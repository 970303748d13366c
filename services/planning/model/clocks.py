"""Statutory clocks: what starts and stops them, and what is to be announced about them.

A clock is a function of the legal times of acts, never of when or in which order their events arrived: it can be worked
out again from the same acts at any time and comes out the same. Only ``warned`` and ``announced`` remember the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from shared.contracts.envelope import Event, check_year
from shared.contracts.inspection import CaseClosed, MeasureOrdered, ViolationDetected
from shared.contracts.vocabulary import Measure, Product, Site, Track
from shared.kernel.calendar import WorkingCalendar
from shared.kernel.deadlines import Term, due_at
from shared.kernel.ids import derived_id

# Names of the moments that clock rules speak of. Stored: never rename a value.
FOUND = ViolationDetected.type
FIRST_MEASURE = MeasureOrdered.type
CLOSED = CaseClosed.type


def ordered(measure: Measure) -> str:
    """Return the name of the moment at which ``measure`` was first ordered."""
    return f"{FIRST_MEASURE}/{measure}"


class Moment(NamedTuple):
    """When an act was done, when that was published, and the id of what it was done to. Of several, the least counts."""

    at: datetime
    known_at: datetime
    about: str


_READERS: Mapping[str, Callable[[Any], tuple[str, tuple[str, ...]]]] = {
    ViolationDetected.type: lambda data: (data.violation_id, (FOUND,)),
    MeasureOrdered.type: lambda data: (data.case_id, (FIRST_MEASURE, ordered(data.measure))),
    CaseClosed.type: lambda data: (data.case_id, (CLOSED,)),
}


def moments_of(event: Event[Any]) -> Iterator[tuple[str, Moment]]:
    """Yield the named moments an event tells of; none for an event that no clock is about."""
    reader = _READERS.get(event.type)
    if reader is not None:
        about, names = reader(event.data)
        for name in names:
            yield name, Moment(event.data.observed_at, event.time, about)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case that clocks run for, and the violation that opened it.

    A finding that joins an open case starts no clocks of its own: the measure that reports it is already in force.
    """

    case_id: str
    violation_id: str
    track: Track
    site: Site
    product: Product


class ClockRule(msgspec.Struct, frozen=True, kw_only=True):
    """A duty with a time limit: which moment starts it, which of several moments satisfies it, and the law it comes from.

    ``duty`` is stored and published: never rename it.
    """

    duty: str
    vi: str
    en: str
    tracks: frozenset[Track]
    started_by: str
    stopped_by: tuple[str, ...]
    term: Term
    warn_before: timedelta
    source: str


class ClockState(StrEnum):
    """How a clock stands. ``met_recorded_late`` was met in time, but the act became known after it had been announced missed."""

    RUNNING = "running"
    MET = "met"
    MET_RECORDED_LATE = "met_recorded_late"
    MISSED = "missed"


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """One duty's time limit in one case.

    ``warn_at`` is never before the start became known: what arrives late is announced late, not in the past.
    ``late_on_arrival`` marks a limit that was over before its start was published.
    """

    clock_id: str
    duty: str
    source: str
    about: str
    case: Case
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    satisfied_at: datetime | None = None
    late_on_arrival: bool = False
    warned: bool = False
    announced: bool = False

    @property
    def met(self) -> bool:
        """Tell whether the duty was done in time."""
        return self.satisfied_at is not None and self.satisfied_at <= self.due_at

    @property
    def state(self) -> ClockState:
        """Return how the clock stands; one whose time has passed unnoticed runs until it is announced."""
        if self.met:
            return ClockState.MET_RECORDED_LATE if self.announced else ClockState.MET
        if self.announced or self.satisfied_at is not None:
            return ClockState.MISSED
        return ClockState.RUNNING

    @property
    def next_at(self) -> datetime | None:
        """Return the moment whose passing must be announced next, if the duty is still undone at it."""
        if self.announced:
            return None
        undone_at_warning = self.satisfied_at is None or self.satisfied_at > self.warn_at
        if not self.warned and undone_at_warning and self.warn_at < self.due_at:
            return self.warn_at
        return None if self.met else self.due_at


def clocks_of(case: Case, moments: Mapping[str, Moment], rules: Iterable[ClockRule], working: WorkingCalendar) -> Iterator[Clock]:
    """Yield the clocks that the acts of a case have started."""
    for rule in rules:
        start = moments.get(rule.started_by)
        if start is None or case.track not in rule.tracks:
            continue
        due = due_at(start.at, rule.term, working)
        if not _can_be_told(due):
            continue
        yield Clock(
            clock_id=derived_id("clock", rule.duty, case.case_id),
            duty=rule.duty,
            source=rule.source,
            about=start.about,
            case=case,
            started_at=start.at,
            warn_at=max(due - rule.warn_before, start.known_at),
            due_at=due,
            satisfied_at=min((moments[name].at for name in rule.stopped_by if name in moments), default=None),
            late_on_arrival=start.known_at > due,
        )


def _can_be_told(due: datetime) -> bool:
    """Tell whether an event can bear this time: one mistyped as the last day of the last year starts no clock."""
    try:
        check_year("due_at", due)
    except ValueError:
        return False
    return True
