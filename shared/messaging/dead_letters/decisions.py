"""What a person decides about letters: to try them again, or to give them up. Nothing is removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import ChuanError, Conflict, InvalidInput, Reason, Refused
from shared.messaging.dead_letters.letters import State, check_id
from shared.messaging.tables import UNSETTLED, inbox, quarantine

# Quarantined bodies may be megabytes each: few are held in memory at once.
_CHUNK = 10


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters a decision is about: one by its ``id``, those whose cause begins with ``cause``, or, with neither, all."""

    id: str = ""
    cause: str = ""

    def __post_init__(self) -> None:
        if self.id:
            check_id(self.id)


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """A quarantined letter that was left where it is, and why."""

    id: str
    origin: str
    why: str


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay did: ``events`` are tried again, ``published`` could be read now, ``left`` could not be replayed."""

    events: int
    published: int
    left: list[Left]


def replay(
    desk: UnitOfWork, selection: Selection, now: datetime, *, horizon: timedelta, outlet: UnitOfWork | None = None
) -> Replayed:
    """Have dead events tried again from ``now``, with all their attempts, and read quarantined bytes again.

    What is readable now goes to the outbox of ``outlet``, without one to that of the desk's own service. Inboxes know
    the events they have handled, so nothing is done twice; what came before ``horizon`` they may have forgotten, and it
    is left. ``now`` is physical time.
    """
    dead = sa.and_(UNSETTLED, inbox.c.state == State.DEAD, *_chosen_events(selection))
    revived = desk.connection.execute(inbox.update().where(dead).values(state=State.RETRY, attempts=0, due_at=now))
    published, left = 0, []
    for item in _chosen_items(desk.connection, selection):
        try:
            event = _read_again(item, now - horizon)
        except ChuanError as error:
            left.append(Left(id=item.id, origin=item.origin, why=str(error)))
            continue
        (outlet or desk).forward(event)
        desk.connection.execute(quarantine.update().where(quarantine.c.id == item.id).values(state=State.REPLAYED))
        published += 1
    return Replayed(events=revived.rowcount, published=published, left=left)


def drop(desk: UnitOfWork, selection: Selection, reason: str, now: datetime) -> int:
    """Give up dead events and quarantined bytes for ``reason``, and return how many; they stay in the state ``dropped``.

    The reason becomes a further line of each letter's error. Raises ``InvalidInput`` for an empty reason.
    """
    if not reason.strip():
        raise InvalidInput("a reason is needed: it is all that will tell why the letter was dropped")
    note = f"\ndropped at {now:%Y-%m-%dT%H:%M:%SZ}: {' '.join(reason.split())}"
    events = desk.connection.execute(
        inbox.update()
        .where(UNSETTLED, inbox.c.state == State.DEAD, *_chosen_events(selection))
        .values(state=State.DROPPED, error=sa.func.coalesce(inbox.c.error, "") + note)
    )
    items = desk.connection.execute(
        quarantine.update()
        .where(quarantine.c.state == State.QUARANTINED, *_chosen(selection))
        .values(state=State.DROPPED, detail=quarantine.c.detail + note)
    )
    return events.rowcount + items.rowcount


def _chosen_events(selection: Selection) -> list[sa.ColumnElement[bool]]:
    if selection.id:
        return [inbox.c.key == selection.id]
    return [_begins(inbox.c.error, selection.cause)] if selection.cause else []


def _chosen(selection: Selection) -> list[sa.ColumnElement[bool]]:
    if selection.id:
        return [quarantine.c.id == selection.id]
    if not selection.cause:
        return []
    place = sa.case((quarantine.c.pointer == "", ""), else_=" at " + quarantine.c.pointer)
    return [_begins(quarantine.c.reason + place, selection.cause)]


def _begins(text: sa.ColumnElement[str], beginning: str) -> sa.ColumnElement[bool]:
    # LIKE would take a % or _ of the beginning for a pattern, and on SQLite letters of any case for equal.
    return sa.func.substr(text, 1, len(beginning)) == beginning


def _chosen_items(connection: sa.Connection, selection: Selection) -> Iterator[sa.Row[Any]]:
    ids = connection.scalars(
        sa.select(quarantine.c.id)
        .where(quarantine.c.state == State.QUARANTINED, *_chosen(selection))
        .order_by(quarantine.c.received_at, quarantine.c.id)
    ).all()
    for start in range(0, len(ids), _CHUNK):
        wanted = ids[start : start + _CHUNK]
        found = {row.id: row for row in connection.execute(sa.select(quarantine).where(quarantine.c.id.in_(wanted)))}
        yield from (found[one] for one in wanted)


def _read_again(item: sa.Row[Any], oldest: datetime) -> Event[Any]:
    """Decode quarantined bytes as strictly as where they came from; raise ``ChuanError`` when they cannot be published."""
    try:
        event = decode(item.body, edge=not item.origin.startswith("queue "))
    except Refused as error:
        raise InvalidInput(f"{error.reason}: {error.detail}", error.pointer) from error
    if item.reason == Reason.SAME_ID_OTHER_CONTENT:
        raise Conflict("its id was used before with other content: it must be published anew under another id")
    if item.received_at < oldest:
        raise Conflict(f"it came before {oldest:%Y-%m-%d}: services may have forgotten that they handled it")
    return event
