"""Statutory clocks: start and stop them by events, and announce what has fallen due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from services.planning.model.acts import Moment
from services.planning.model.clocks import Clock, clocks_of
from services.planning.model.subjects import Subject, SubjectKind
from services.planning.model.told import moments_of, told_by
from services.planning.rules import clock_rules
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from services.planning.tables import clocks, moments, subjects
from shared.contracts.envelope import Event
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed
from shared.contracts.vocabulary import Product, Site
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_new, upsert

# What is known to have been done to a thing: the moments of each act, by its key and the act's name.
Known = Mapping[str, Mapping[str, Sequence[Moment]]]
Named = Iterable[tuple[str, Moment]]

_AT_ONCE = 500


def follow(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Start and stop the clocks that a batch of events is about."""
    told = [one.subject for event in events if (one := told_by(event)) is not None and one.subject is not None]
    note(told, [named for event in events for named in moments_of(event)], uow)


def note(told: Sequence[Subject], named: Sequence[tuple[str, Moment]], uow: UnitOfWork) -> None:
    """Note subjects and acts, and work out the clocks of everything they concern.

    All that clocks depend on is stored first and the clocks are then worked out from it, so it makes no difference which
    of the acts come in this batch and which came or will come in another.
    """
    known_as = {one.subject_id: one for one in told}
    ids = {*known_as, *(one.origin for one in told), *(moment.about for _, moment in named)} - {""}
    if not ids:
        return
    connection = uow.connection
    _hold(connection, ids)
    rows = [_subject_row(one) for one in known_as.values()]
    upsert(connection, subjects, rows, replace=[name for name in rows[0] if name != "subject_id"] if rows else ())
    affected = _concerned(connection, ids)
    known = _remember(connection, named, {*ids, *(one.subject_id for one in affected), *(one.origin for one in affected)})
    _save(connection, _with_past(connection, [clock for one in affected for clock in _clocks(one, known)]))


def announce(uow: UnitOfWork) -> None:
    """Announce every limit that has come close or passed by now, and mark the passed ones missed."""
    while due := _due(uow):
        _save(uow.connection, [_announced(clock, uow) for clock in due])


# ---------------------------------------------------------------------------------------------------------------------


def _hold(connection: sa.Connection, ids: Collection[str]) -> None:
    """Keep other copies from working on the same things: each would see only its own half of what was done to them."""
    blank = dict.fromkeys((column.name for column in subjects.columns), "")
    insert_new(connection, subjects, [{**blank, "subject_id": one} for one in ids])
    held = sa.select(subjects.c.subject_id).where(subjects.c.subject_id.in_(ids)).order_by(subjects.c.subject_id)
    if connection.dialect.name != "sqlite":  # there the whole file is held
        connection.execute(held.with_for_update())


def _concerned(connection: sa.Connection, ids: Collection[str]) -> list[Subject]:
    by_either = sa.or_(subjects.c.subject_id.in_(ids), subjects.c.origin.in_(ids))
    found = connection.execute(sa.select(subjects).where(by_either, subjects.c.kind != ""))
    return [subject_of(row) for row in found]


def _remember(connection: sa.Connection, named: Named, abouts: Collection[str]) -> Known:
    """Store the moments a batch tells of, and return all that is known about ``abouts``."""
    known: defaultdict[str, defaultdict[str, list[Moment]]] = defaultdict(lambda: defaultdict(list))
    stored = {}
    for row in connection.execute(sa.select(moments).where(moments.c.about.in_(abouts))):
        stored[row.about, row.name, row.acted_at] = row.known_at
    told: dict[tuple[str, str, Any], Any] = {}
    for name, one in named:
        place = (one.about, name, one.at)
        first = min(one.known_at, told.get(place, one.known_at))
        if place not in stored or first < stored[place]:
            told[place] = first
    rows = [{"about": about, "name": name, "acted_at": at, "known_at": first} for (about, name, at), first in told.items()]
    upsert(connection, moments, rows, replace=("known_at",))
    for (about, name, at), first in {**stored, **told}.items():
        known[about][name].append(Moment(at, first, about))
    return known


def _clocks(subject: Subject, known: Known) -> Iterable[Clock]:
    acts = {**known.get(subject.origin, {}), **known.get(subject.subject_id, {})}
    return clocks_of(subject, acts, clock_rules(), WORKING_DAYS)


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
        sa.select(clocks, subjects)
        .join(subjects, subjects.c.subject_id == clocks.c.subject_id)
        .where(clocks.c.next_at < uow.now)
        .order_by(clocks.c.next_at, clocks.c.clock_id)
        .limit(_AT_ONCE)
        .with_for_update(of=clocks, skip_locked=True)  # one that an event is changing right now is looked at next time
    )
    return [_clock(row) for row in uow.connection.execute(due)]


def _announced(clock: Clock, uow: UnitOfWork) -> Clock:
    subject = clock.subject
    about: Any = {
        "observed_at": clock.next_at,
        "clock_id": clock.clock_id,
        "duty": clock.duty,
        "source": clock.source,
        "due_at": clock.due_at,
        "about": clock.about,
        "case_id": subject.name if subject.kind is SubjectKind.CASE else "",
        "subject_kind": str(subject.kind),
        "title": subject.title,
        "unit": subject.unit,
        "unit_province": subject.unit_province,
        "site": subject.site,
        "product": subject.product,
    }
    # A clock is warned of once and missed once, so its id and the event's type tell its announcements apart for ever.
    if clock.next_at == clock.broken_at:
        missed = DeadlineMissed(late_on_arrival=clock.late_on_arrival, cut_short=clock.at_least, **about)
        uow.emit(missed, key=clock.clock_id)
        return msgspec.structs.replace(clock, announced=True)
    uow.emit(DeadlineApproaching(**about), key=clock.clock_id)
    return msgspec.structs.replace(clock, warned=True)


# ---------------------------------------------------------------------------------------------------------------------
# Rows


def _save(connection: sa.Connection, changed: Sequence[Clock]) -> None:
    rows = [_clock_row(clock) for clock in changed]
    if rows:
        upsert(connection, clocks, rows, replace=[name for name in rows[0] if name != "clock_id"])


def _subject_row(subject: Subject) -> dict[str, Any]:
    row = {name: getattr(subject, name) for name in Subject.__struct_fields__}
    return {**row, "kind": str(subject.kind), "site": _written(subject.site), "product": _written(subject.product)}


def _written(one: Site | Product | None) -> str:
    return msgspec.json.encode(one).decode() if one is not None else ""


def subject_of(row: Any) -> Subject:
    """Return the subject a row of ``subjects`` holds."""
    return Subject(
        subject_id=row.subject_id,
        kind=SubjectKind(row.kind),
        origin=row.origin,
        title=row.title,
        unit=row.unit,
        unit_province=row.unit_province,
        site=msgspec.json.decode(row.site, type=Site) if row.site else None,
        product=msgspec.json.decode(row.product, type=Product) if row.product else None,
    )


_STORED = tuple(name for name in Clock.__struct_fields__ if name != "subject")


def _clock_row(clock: Clock) -> dict[str, Any]:
    row = {name: getattr(clock, name) for name in _STORED}
    return {**row, "subject_id": clock.subject.subject_id, "state": str(clock.state), "next_at": clock.next_at}


def _clock(row: Any) -> Clock:
    return Clock(subject=subject_of(row), **{name: getattr(row, name) for name in _STORED})
