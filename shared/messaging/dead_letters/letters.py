"""What lies on the desk: groups of letters that failed alike, and single letters with all that is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from shared.kernel.errors import InvalidInput
from shared.messaging.tables import UNSETTLED, inbox, quarantine

_ID_LENGTH = 32


class State(StrEnum):
    """How a letter stands. Stored: never rename a value."""

    RETRY = "retry"
    DEAD = "dead"
    QUARANTINED = "quarantined"
    REPLAYED = "replayed"
    DROPPED = "dropped"


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Letters of one service that failed alike; ``oldest`` is when the first of them came, ``example`` the id of one."""

    service: str
    state: str
    type: str
    cause: str
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
    attempts: int = 0
    due_at: datetime | None = None
    origin: str = ""
    pointer: str = ""
    body: bytes = b""


def groups(connection: sa.Connection, service: str) -> list[Group]:
    """Return what failed in a service, alike with alike; what was replayed successfully is no longer shown."""
    folded: defaultdict[tuple[str, str, str], list[_Counted]] = defaultdict(list)
    for row in _failed_events(connection):
        folded[row.state, row.type or "", _first_line(row.error)].append(_Counted(row.number, row.oldest, row.example))
    for row in _unread(connection):
        folded[row.state, "", _cause(row.reason, row.pointer)].append(_Counted(row.number, row.oldest, row.example))
    return [
        Group(
            service=service,
            state=state,
            type=event_type,
            cause=cause,
            count=sum(one.number for one in alike),
            oldest=min(one.oldest for one in alike),
            example=min(one.example for one in alike).replace("-", ""),
        )
        for (state, event_type, cause), alike in sorted(folded.items())
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
        return Letter(
            service=service,
            id=event.key,
            state=event.state,
            cause=_first_line(event.error),
            error=event.error or "",
            received_at=event.received_at,
            type=event.type or "",
            subject=event.subject or "",
            attempts=event.attempts or 0,
            due_at=event.due_at,
            body=(event.body or "").encode(),
        )
    item = connection.execute(sa.select(quarantine).where(quarantine.c.id == letter_id)).first()
    if item is None:
        return None
    return Letter(
        service=service,
        id=item.id,
        state=item.state,
        cause=_cause(item.reason, item.pointer),
        error=f"{item.reason}: {item.detail}",
        received_at=item.received_at,
        origin=item.origin,
        pointer=item.pointer,
        body=item.body,
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
            sa.func.count().label("number"),
            sa.func.min(inbox.c.received_at).label("oldest"),
            sa.func.min(sa.cast(inbox.c.key, sa.Text)).label("example"),
        )
        .where(UNSETTLED)
        .group_by(inbox.c.state, inbox.c.type, inbox.c.error)
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


def _first_line(error: str | None) -> str:
    return (error or "").partition("\n")[0]
