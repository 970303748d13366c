"""What lies on the desk: groups of letters that failed alike, and single letters with all that is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from shared.kernel.errors import InvalidInput
from shared.messaging.failure import cause_of
from shared.messaging.tables import UNSETTLED, inbox, quarantine

_ID_LENGTH = 32
# Bodies may be megabytes each: few are held in memory at once.
_AT_ONCE = 10


class State(StrEnum):
    """How a letter stands. Stored: never rename a value."""

    RETRY = "retry"
    DEAD = "dead"
    QUARANTINED = "quarantined"
    REPLAYED = "replayed"
    DROPPED = "dropped"


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters something is about: one by its ``id``, those whose cause begins with ``cause``, or, with neither, all."""

    id: str = ""
    cause: str = ""

    def __post_init__(self) -> None:
        if self.id:
            check_id(self.id)

    def includes(self, cause: str) -> bool:
        """Tell whether letters of this cause belong to it."""
        return cause.startswith(self.cause)

    def __str__(self) -> str:
        return f"letter {self.id}" if self.id else f"cause {self.cause!r}" if self.cause else "all letters"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Letters of one service that failed alike: the same event type, function of ours and kind of error.

    ``oldest`` is when the first of them came, ``example`` the id of one.
    """

    service: str
    state: str
    type: str
    cause: str
    handler: str
    count: int
    oldest: datetime
    example: str


class Letter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is known of one letter.

    ``error`` is the whole text, ``origin`` the queue or the ``file:line`` that unreadable bytes came from.
    """

    service: str
    id: str
    state: str
    cause: str
    error: str
    received_at: datetime
    type: str = ""
    subject: str = ""
    handler: str = ""
    attempts: int = 0
    due_at: datetime | None = None
    origin: str = ""
    pointer: str = ""
    body: bytes = b""


def groups(connection: sa.Connection, service: str) -> list[Group]:
    """Return what failed in a service, alike with alike; what was replayed successfully is no longer shown."""
    folded: defaultdict[tuple[str, str, str, str], list[_Counted]] = defaultdict(list)
    for row in _failed_events(connection):
        folded[row.state, row.type or "", row.handler or "", cause_of(row.error)].append(
            _Counted(row.number, row.oldest, row.example)
        )
    for row in _unread(connection):
        folded[row.state, "", "", _cause(row.reason, row.pointer)].append(_Counted(row.number, row.oldest, row.example))
    return [
        Group(
            service=service,
            state=state,
            type=event_type,
            handler=handler,
            cause=cause,
            count=sum(one.number for one in alike),
            oldest=min(one.oldest for one in alike),
            example=min(one.example for one in alike).replace("-", ""),
        )
        for (state, event_type, handler, cause), alike in sorted(folded.items())
    ]


def check_id(letter_id: str) -> None:
    """Raise ``InvalidInput`` unless ``letter_id`` is a whole id, which is told from one that does not exist."""
    if len(letter_id) != _ID_LENGTH or not set(letter_id) <= set("0123456789abcdef"):
        raise InvalidInput(f"{letter_id!r} is no id of a dead letter: those have {_ID_LENGTH} hex digits")


def letter(connection: sa.Connection, service: str, letter_id: str) -> Letter | None:
    """Return one letter of a service; None when it has none of this id, or the event was handled."""
    check_id(letter_id)
    event = connection.execute(sa.select(inbox).where(inbox.c.key == letter_id, inbox.c.state != "done")).first()
    if event is not None:
        return _of_event(service, event)
    item = connection.execute(sa.select(quarantine).where(quarantine.c.id == letter_id)).first()
    return None if item is None else _of_item(service, item)


def letters(connection: sa.Connection, service: str, selection: Selection, *, limit: int) -> list[Letter]:
    """Return the letters of ``selection`` that wait for a person, those that came first before the others."""
    found = [_of_event(service, row) for row in dead_events(connection, dead_ids(connection, selection, limit))]
    rest = limit - len(found)
    return found + [_of_item(service, row) for row in quarantined_items(connection, selection, rest)]


def dead_ids(connection: sa.Connection, selection: Selection, limit: int) -> list[str]:
    """Return the ids of events that wait for a person, in the order in which they failed."""
    dead = sa.select(inbox.c.key, inbox.c.error).where(UNSETTLED, inbox.c.state == State.DEAD).order_by(inbox.c.position)
    if selection.id:
        dead = dead.where(inbox.c.key == selection.id)
    return [row.key for row in connection.execute(dead) if selection.includes(cause_of(row.error))][:limit]


def dead_events(connection: sa.Connection, ids: Sequence[str]) -> Iterator[sa.Row[Any]]:
    """Yield the rows of events, few held at once."""
    return _rows(connection, inbox, inbox.c.key, ids)


def quarantined_items(connection: sa.Connection, selection: Selection, limit: int) -> Iterator[sa.Row[Any]]:
    """Yield rows of the quarantine that wait for a person, in the order in which they came, few held at once."""
    columns = (quarantine.c.id, quarantine.c.reason, quarantine.c.pointer)
    waiting = sa.select(*columns).where(quarantine.c.state == State.QUARANTINED)
    if selection.id:
        waiting = waiting.where(quarantine.c.id == selection.id)
    found = connection.execute(waiting.order_by(quarantine.c.received_at, quarantine.c.id))
    ids = [row.id for row in found if selection.includes(_cause(row.reason, row.pointer))][:limit]
    yield from _rows(connection, quarantine, quarantine.c.id, ids)


def _rows(connection: sa.Connection, table: sa.Table, key: sa.Column[Any], ids: Sequence[str]) -> Iterator[sa.Row[Any]]:
    for start in range(0, len(ids), _AT_ONCE):
        wanted = ids[start : start + _AT_ONCE]
        rows = {getattr(row, key.name): row for row in connection.execute(sa.select(table).where(key.in_(wanted)))}
        yield from (rows[one] for one in wanted)


def _of_event(service: str, row: sa.Row[Any]) -> Letter:
    return Letter(
        service=service,
        id=row.key,
        state=row.state,
        cause=cause_of(row.error),
        error=row.error or "",
        received_at=row.received_at,
        type=row.type or "",
        subject=row.subject or "",
        handler=row.handler or "",
        attempts=row.attempts or 0,
        due_at=row.due_at,
        body=(row.body or "").encode(),
    )


def _of_item(service: str, row: sa.Row[Any]) -> Letter:
    return Letter(
        service=service,
        id=row.id,
        state=row.state,
        cause=_cause(row.reason, row.pointer),
        error=f"{row.reason}: {row.detail}",
        received_at=row.received_at,
        origin=row.origin,
        pointer=row.pointer,
        body=row.body,
    )


class _Counted(NamedTuple):
    number: int
    oldest: datetime
    example: str


def _failed_events(connection: sa.Connection) -> Iterator[sa.Row[Any]]:
    yield from connection.execute(
        sa.select(
            inbox.c.state,
            inbox.c.type,
            inbox.c.error,
            inbox.c.handler,
            sa.func.count().label("number"),
            sa.func.min(inbox.c.received_at).label("oldest"),
            sa.func.min(sa.cast(inbox.c.key, sa.Text)).label("example"),
        )
        .where(UNSETTLED)
        .group_by(inbox.c.state, inbox.c.type, inbox.c.error, inbox.c.handler)
    )


def _unread(connection: sa.Connection) -> Iterator[sa.Row[Any]]:
    yield from connection.execute(
        sa.select(
            quarantine.c.state,
            quarantine.c.reason,
            quarantine.c.pointer,
            sa.func.count().label("number"),
            sa.func.min(quarantine.c.received_at).label("oldest"),
            sa.func.min(sa.cast(quarantine.c.id, sa.Text)).label("example"),
        )
        .where(quarantine.c.state != State.REPLAYED)
        .group_by(quarantine.c.state, quarantine.c.reason, quarantine.c.pointer)
    )


def _cause(reason: str, pointer: str) -> str:
    return f"{reason} at {pointer}" if pointer else reason
