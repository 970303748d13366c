"""The dead-letter desk: what waits for a person, and what a person decides about it.

A letter is an event whose handlers failed (a row of the inbox) or bytes that could not be read (a row of the
quarantine). Both are known by 32 hex digits. A decision changes a letter's state and never removes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from shared.contracts.codec import decode
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import InvalidInput, Reason, Refused
from shared.messaging.tables import inbox, quarantine

# Quarantined bodies may be megabytes each: few are held in memory at once.
_CHUNK = 10
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


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which letters a decision is about: one by its ``id``, those whose cause begins with ``cause``, or, with neither, all."""

    id: str = ""
    cause: str = ""

    def __post_init__(self) -> None:
        if self.id and (len(self.id) != _ID_LENGTH or not set(self.id) <= set("0123456789abcdef")):
            raise InvalidInput(f"{self.id!r} is no id of a dead letter: those have {_ID_LENGTH} hex digits")


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """A quarantined letter that cannot be replayed, and why."""

    id: str
    origin: str
    why: str


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay did: ``events`` are tried again, ``unreadable`` is what was read again and still refused."""

    events: int
    decoded: int
    unreadable: list[Unreadable]


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


def letter(connection: sa.Connection, service: str, letter_id: str) -> Letter | None:
    """Return one letter of a service; None when it has none of this id, or the event was handled."""
    Selection(id=letter_id)
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


def replay(desk: UnitOfWork, selection: Selection, now: datetime, *, outlet: UnitOfWork | None = None) -> Replayed:
    """Have dead events tried again from ``now``, with all their attempts, and read quarantined bytes again.

    What is readable now goes to the outbox of ``outlet``, without one to that of the desk's own service. Inboxes know
    the events they have handled, so nothing is done twice. ``now`` is physical time.
    """
    dead = sa.and_(inbox.c.state == State.DEAD, *_chosen_events(selection))
    revived = desk.connection.execute(inbox.update().where(dead).values(state=State.RETRY, attempts=0, due_at=now))
    decoded, unreadable = 0, []
    for item in _chosen_items(desk.connection, selection):
        try:
            event = _read_again(item)
        except Refused as error:
            unreadable.append(Unreadable(id=item.id, origin=item.origin, why=f"{error.reason}: {error}"))
            continue
        (outlet or desk).forward(event)
        desk.connection.execute(quarantine.update().where(quarantine.c.id == item.id).values(state=State.REPLAYED))
        decoded += 1
    return Replayed(events=revived.rowcount, decoded=decoded, unreadable=unreadable)


def drop(desk: UnitOfWork, selection: Selection, reason: str, now: datetime) -> int:
    """Give up dead events and quarantined bytes for ``reason``, and return how many; they stay in the state ``dropped``.

    The reason becomes a further line of each letter's error. Raises ``InvalidInput`` for an empty reason.
    """
    if not reason.strip():
        raise InvalidInput("a reason is needed: it is all that will tell why the letter was dropped")
    note = f"\ndropped at {now:%Y-%m-%dT%H:%M:%SZ}: {' '.join(reason.split())}"
    events = desk.connection.execute(
        inbox.update()
        .where(inbox.c.state == State.DEAD, *_chosen_events(selection))
        .values(state=State.DROPPED, error=sa.func.coalesce(inbox.c.error, "") + note)
    )
    items = desk.connection.execute(
        quarantine.update()
        .where(quarantine.c.state == State.QUARANTINED, *_chosen(selection))
        .values(state=State.DROPPED, detail=quarantine.c.detail + note)
    )
    return events.rowcount + items.rowcount


# ---------------------------------------------------------------------------------------------------------------------


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
        .where(inbox.c.state != "done")
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


def _read_again(item: sa.Row[Any]) -> Any:
    """Decode quarantined bytes as strictly as where they came from; raise ``Refused``."""
    event = decode(item.body, edge=not item.origin.startswith("queue "))
    if item.reason == Reason.SAME_ID_OTHER_CONTENT:
        raise Refused(Reason.SAME_ID_OTHER_CONTENT, "its id was used before; it must be published anew under another id")
    return event


def _cause(reason: str, pointer: str) -> str:
    return f"{reason} at {pointer}" if pointer else reason


def _first_line(error: str | None) -> str:
    return (error or "").partition("\n")[0]
