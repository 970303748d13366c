"""Statutory clocks: start and stop them by events, and announce what has fallen due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from services.planning.model.clocks import Case, Clock, Moment, clocks_of, moments_of
from services.planning.rules import clock_rules
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from services.planning.tables import cases, clocks, moments
from shared.contracts.envelope import Event
from shared.contracts.inspection import CaseOpened
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed
from shared.contracts.vocabulary import Product, Site, Track
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_new, upsert

# What is known of a violation or case: the first moment of each name.
Known = dict[str, dict[str, Moment]]

_AT_ONCE = 500


def follow(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Start and stop the clocks that a batch of events is about.

    Everything a case's clocks depend on is stored first and the clocks are then worked out from it, so it makes no
    difference which of the events come in this batch and which came or will come in another.
    """
    told = _told(events)
    opened = {event.data.case_id: _case(event.data) for event in events if event.type == CaseOpened.type}
    if not told and not opened:
        return
    insert_new(uow.connection, cases, [_case_row(case) for case in opened.values()])
    affected = _cases_about(uow.connection, {*told, *opened})
    known = _remember(uow.connection, told, {*told, *(one.case_id for one in affected), *(one.violation_id for one in affected)})
    _save(uow.connection, _with_past(uow.connection, [clock for case in affected for clock in _clocks(case, known)]))


def announce(uow: UnitOfWork) -> None:
    """Announce every limit that has come close or passed by now, and mark the passed ones missed."""
    while due := _due(uow):
        _save(uow.connection, [_announced(clock, uow) for clock in due])


# ---------------------------------------------------------------------------------------------------------------------


def _told(events: Iterable[Event[Any]]) -> Known:
    told: Known = defaultdict(dict)
    for event in events:
        for name, moment in moments_of(event):
            of_this = told[moment.about]
            of_this[name] = min(moment, of_this.get(name, moment))
    return told


def _remember(connection: sa.Connection, told: Known, abouts: Collection[str]) -> Known:
    """Store the moments a batch tells of, and return all that is known about ``abouts``."""
    known: Known = defaultdict(dict)
    for row in connection.execute(sa.select(moments).where(moments.c.about.in_(abouts))):
        known[row.about][row.name] = Moment(row.acted_at, row.known_at, row.about)
    first = [
        (name, moment)
        for about, of_this in told.items()
        for name, moment in of_this.items()
        if name not in known[about] or moment < known[about][name]
    ]
    for name, moment in first:
        known[moment.about][name] = moment
    rows = [{"about": one.about, "name": name, "acted_at": one.at, "known_at": one.known_at} for name, one in first]
    upsert(connection, moments, rows, replace=("acted_at", "known_at"))
    return known


def _clocks(case: Case, known: Known) -> Iterable[Clock]:
    of_case: Mapping[str, Moment] = {**known[case.violation_id], **known[case.case_id]}
    return clocks_of(case, of_case, clock_rules(), WORKING_DAYS)


def _with_past(connection: sa.Connection, worked_out: Sequence[Clock]) -> list[Clock]:
    """Give the clocks what has already been announced of them."""
    past = (
        sa.select(clocks.c.clock_id, clocks.c.warned, clocks.c.announced)
        .where(clocks.c.clock_id.in_([one.clock_id for one in worked_out]))
        .order_by(clocks.c.clock_id)
        .with_for_update()  # the timer may be announcing some of them right now
    )
    told = {row.clock_id: (row.warned, row.announced) for row in connection.execute(past)} if worked_out else {}
    kept = ((clock, *told.get(clock.clock_id, (False, False))) for clock in worked_out)
    return [msgspec.structs.replace(clock, warned=warned, announced=announced) for clock, warned, announced in kept]


def _due(uow: UnitOfWork) -> list[Clock]:
    # Strictly before now: an act at the very moment is still in time, and may be on its way.
    due = (
        sa.select(clocks, cases.c.violation_id, cases.c.track, cases.c.site, cases.c.product)
        .join(cases, cases.c.case_id == clocks.c.case_id)
        .where(clocks.c.next_at < uow.now)
        .order_by(clocks.c.next_at, clocks.c.clock_id)
        .limit(_AT_ONCE)
        .with_for_update(of=clocks, skip_locked=True)  # one that an event is changing right now is looked at next time
    )
    return [_clock(row) for row in uow.connection.execute(due)]


def _announced(clock: Clock, uow: UnitOfWork) -> Clock:
    about: dict[str, Any] = {
        "clock_id": clock.clock_id,
        "duty": clock.duty,
        "source": clock.source,
        "due_at": clock.due_at,
        "about": clock.about,
        "case_id": clock.case.case_id,
        "site": clock.case.site,
        "product": clock.case.product,
    }
    # A clock is warned of once and missed once, so its id and the event's type tell its announcements apart for ever.
    if clock.next_at == clock.due_at:
        uow.emit(DeadlineMissed(observed_at=clock.due_at, late_on_arrival=clock.late_on_arrival, **about), key=clock.clock_id)
        return msgspec.structs.replace(clock, announced=True)
    uow.emit(DeadlineApproaching(observed_at=clock.warn_at, **about), key=clock.clock_id)
    return msgspec.structs.replace(clock, warned=True)


# ---------------------------------------------------------------------------------------------------------------------
# Rows


def _cases_about(connection: sa.Connection, ids: Collection[str]) -> list[Case]:
    found = sa.select(cases).where(sa.or_(cases.c.case_id.in_(ids), cases.c.violation_id.in_(ids)))
    return [_case_of(row) for row in connection.execute(found)]


def _save(connection: sa.Connection, changed: Sequence[Clock]) -> None:
    rows = [_clock_row(clock) for clock in changed]
    if rows:
        upsert(connection, clocks, rows, replace=[name for name in rows[0] if name != "clock_id"])


def _case(opened: CaseOpened) -> Case:
    return Case(
        case_id=opened.case_id, violation_id=opened.violation_id, track=opened.track, site=opened.site, product=opened.product
    )


def _case_row(case: Case) -> dict[str, Any]:
    return {
        "case_id": case.case_id,
        "violation_id": case.violation_id,
        "track": str(case.track),
        "site": msgspec.json.encode(case.site).decode(),
        "product": msgspec.json.encode(case.product).decode(),
    }


def _case_of(row: Any) -> Case:
    return Case(
        case_id=row.case_id,
        violation_id=row.violation_id,
        track=Track(row.track),
        site=msgspec.json.decode(row.site, type=Site),
        product=msgspec.json.decode(row.product, type=Product),
    )


_STORED = tuple(name for name in Clock.__struct_fields__ if name != "case")


def _clock_row(clock: Clock) -> dict[str, Any]:
    row = {name: getattr(clock, name) for name in _STORED}
    return {**row, "case_id": clock.case.case_id, "state": str(clock.state), "next_at": clock.next_at}


def _clock(row: Any) -> Clock:
    return Clock(case=_case_of(row), **{name: getattr(row, name) for name in _STORED})
