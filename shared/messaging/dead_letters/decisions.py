"""What a person decides about letters: to try them again, or to give them up. Nothing is removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import ChuanError, Conflict, InvalidInput, Reason, Refused
from shared.messaging import breaker
from shared.messaging.dead_letters.audit import Deed, Person, reason_of, record
from shared.messaging.dead_letters.letters import Selection, State, dead_ids, quarantined_items
from shared.messaging.tables import UNSETTLED, inbox, quarantine

# One act changes no more than this; what is left waits for the next one.
MOST_EVENTS, MOST_ITEMS = 10_000, 1_000
DEFAULT_RATE, HIGHEST_RATE = 50.0, 1000.0


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """A quarantined letter that was left where it is, and why."""

    id: str
    origin: str
    why: str


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay did: ``events`` are tried again, the last of them at ``until``; ``published`` could be read now."""

    events: int
    published: int
    left: list[Left]
    until: datetime | None = None


def replay(
    desk: UnitOfWork,
    selection: Selection,
    now: datetime,
    *,
    by: Person,
    horizon: timedelta,
    why: str = "",
    rate: float = DEFAULT_RATE,
    outlet: UnitOfWork | None = None,
) -> Replayed:
    """Have dead events tried again from ``now``, ``rate`` a second, with all their attempts; read quarantined bytes again.

    What is readable now goes to the outbox of ``outlet``, without one to that of the desk's own service. Inboxes know
    the events they have handled, so nothing is done twice; what came before ``horizon`` they may have forgotten, and it
    is left. ``now`` is physical time. Raises ``InvalidInput`` for a rate out of bounds.
    """
    if not 0 < rate <= HIGHEST_RATE:
        raise InvalidInput(f"a rate of {rate:g} events a second is not between 0 and {HIGHEST_RATE:g}", "/rate")
    dead = dead_ids(desk.connection, selection, MOST_EVENTS)
    due = [now + timedelta(seconds=place / rate) for place in range(len(dead))]
    revive(desk.connection, [{"letter": key, "due": moment} for key, moment in zip(dead, due, strict=True)])
    published, left = [], []
    for item in quarantined_items(desk.connection, selection, MOST_ITEMS):
        try:
            event = read_again(item, item.body, now - horizon)
        except ChuanError as error:
            left.append(Left(id=item.id, origin=item.origin, why=str(error)))
            continue
        (outlet or desk).forward(event)
        desk.connection.execute(quarantine.update().where(quarantine.c.id == item.id).values(state=State.REPLAYED))
        published.append(item.id)
    what = f"{selection}, {rate:g} a second"
    record(desk, by, Deed.REPLAYED, dead + published, now, what=what, why=why)
    return Replayed(events=len(dead), published=len(published), left=left, until=due[-1] if due else None)


def drop(desk: UnitOfWork, selection: Selection, reason: str, now: datetime, *, by: Person) -> int:
    """Give up dead events and quarantined bytes for ``reason``, and return how many; they stay in the state ``dropped``.

    The reason becomes a further line of each letter's error. Raises ``InvalidInput`` for an empty reason.
    """
    why = reason_of(reason)
    note = f"\ndropped at {now:%Y-%m-%dT%H:%M:%SZ}: {why}"
    events = dead_ids(desk.connection, selection, MOST_EVENTS)
    items = [row.id for row in quarantined_items(desk.connection, selection, MOST_ITEMS)]
    given_up = {"state": State.DROPPED, "error": sa.func.coalesce(inbox.c.error, "") + note}
    _each(desk.connection, inbox.update().where(inbox.c.key == sa.bindparam("letter")).values(**given_up), events)
    unread = {"state": State.DROPPED, "detail": quarantine.c.detail + note}
    _each(desk.connection, quarantine.update().where(quarantine.c.id == sa.bindparam("letter")).values(**unread), items)
    record(desk, by, Deed.DROPPED, events + items, now, what=str(selection), why=why)
    return len(events) + len(items)


def resume(desk: UnitOfWork, now: datetime, *, by: Person, why: str, allowance: int = 0) -> None:
    """Go on although too much fails, and let the next ``allowance`` failures go their way to the desk.

    Raises ``Conflict`` when nothing was stopped.
    """
    reason = reason_of(why)
    if not breaker.close(desk.connection, by.name, now, allowance=allowance):
        raise Conflict(f"{desk.service} did not stop diverting, so there is nothing to resume")
    record(desk, by, Deed.RESUMED, [""], now, what=f"{allowance} failures may pass", why=reason)


def revive(connection: sa.Connection, letters: list[dict[str, Any]], **changes: Any) -> None:
    """Let dead events begin anew: each of ``letters`` names one and when it is ``due``."""
    if letters:
        anew = {"state": State.RETRY, "attempts": 0, "due_at": sa.bindparam("due"), **changes}
        mine = sa.and_(UNSETTLED, inbox.c.state == State.DEAD, inbox.c.key == sa.bindparam("letter"))
        connection.execute(inbox.update().where(mine).values(**anew), letters)


def read_again(item: sa.Row[Any], body: bytes, oldest: datetime) -> Event[Any]:
    """Decode ``body`` as strictly as where ``item`` came from; raise ``ChuanError`` when it cannot be published."""
    try:
        event = decode(body, edge=not item.origin.startswith("queue "))
    except Refused as error:
        raise InvalidInput(f"{error.reason}: {error.detail}", error.pointer) from error
    if item.reason == Reason.SAME_ID_OTHER_CONTENT and body == item.body:
        raise Conflict("its id was used before with other content: it must be published anew under another id")
    if item.received_at < oldest:
        raise Conflict(f"it came before {oldest:%Y-%m-%d}: services may have forgotten that they handled it")
    return event


def _each(connection: sa.Connection, statement: sa.Update, letters: list[str]) -> None:
    if letters:
        connection.execute(statement, [{"letter": one} for one in letters])
