"""What would happen if letters were tried again: their handlers really run, in transactions that are rolled back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import ChuanError, DependencyDown
from shared.messaging.dead_letters.decisions import read_again
from shared.messaging.dead_letters.letters import Selection, dead_events, dead_ids, quarantined_items
from shared.messaging.failure import describe, handler_of
from shared.room import Room

MOST = 100  # letters in one rehearsal: each costs a transaction

Handle = Callable[[Sequence[Event[Any]], UnitOfWork], None]


class Emitted(msgspec.Struct, frozen=True):
    """An event that would be published."""

    type: str
    subject: str


class Rehearsed(msgspec.Struct, frozen=True, kw_only=True):
    """What one letter would come to: an empty ``error`` means that it would succeed and publish ``emits``."""

    id: str
    type: str
    error: str
    handler: str
    emits: list[Emitted]


def rehearse(room: Room, handle: Handle, selection: Selection, horizon: timedelta) -> list[Rehearsed]:
    """Try at most ``MOST`` letters, each by itself. What was unreadable would be published, and is not handled here."""
    with room.reading() as connection:
        ids = dead_ids(connection, selection, MOST)
        events = [(row.key, (row.body or "").encode()) for row in dead_events(connection, ids)]
        found = [_unread(item, room, horizon) for item in quarantined_items(connection, selection, MOST - len(ids))]
    return [try_out(room, handle, key, body) for key, body in events] + found


def try_out(room: Room, handle: Handle, letter: str, body: bytes) -> Rehearsed:
    """Handle the event that ``body`` holds, and take back all that it changed.

    Raises ``DependencyDown`` when the database is away.
    """
    event_type, emits = "", list[Emitted]()
    try:
        event = decode(body)
        event_type = event.type
        with room.rehearsal() as uow:
            handle([event], uow)
            emits = [Emitted(one.type, one.subject) for one in uow.emitted]
    except DependencyDown:
        raise
    except Exception as error:  # noqa: BLE001 - any fault of a handler is the answer
        return Rehearsed(id=letter, type=event_type, error=describe(error), handler=handler_of(error), emits=[])
    return Rehearsed(id=letter, type=event_type, error="", handler="", emits=emits)


def _unread(item: Any, room: Room, horizon: timedelta) -> Rehearsed:
    try:
        event = read_again(item, item.body, room.wall() - horizon)
    except ChuanError as error:
        return Rehearsed(id=item.id, type="", error=str(error), handler="", emits=[])
    return Rehearsed(id=item.id, type=event.type, error="", handler="", emits=[Emitted(event.type, event.subject)])
