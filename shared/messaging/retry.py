"""When a failed event is tried again, and by whom: an attempt is leased, and counted when it begins."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from shared.kernel.errors import DependencyDown
from shared.messaging.tables import WAITING_FOR_RETRY, inbox
from shared.observability import metrics
from shared.room import Room

log = structlog.get_logger()

# Attempt 1 failed -> wait 1 s, and so on; the last step repeats. Short first: most faults are races that pass by themselves.
_LADDER = (1, 5, 30, 120, 600, 3600)

# A claimed attempt belongs to its claimer this long; a process that died frees its events by the clock.
LEASE = timedelta(seconds=60)


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after ``attempts`` failures."""
    return timedelta(seconds=_LADDER[min(attempts, len(_LADDER)) - 1])


def due(room: Room, limit: int) -> Sequence[sa.Row[Any]]:
    """Return the events whose time has come, the first of each subject only."""
    if limit <= 0:
        return []
    earlier = inbox.alias("earlier")
    is_first = ~sa.exists().where(
        earlier.c.state != sa.literal_column("'done'"),
        earlier.c.state == sa.literal_column("'retry'"),
        earlier.c.subject == inbox.c.subject,
        earlier.c.position < inbox.c.position,
    )
    ready = sa.select(inbox).where(WAITING_FOR_RETRY, inbox.c.due_at <= room.wall(), is_first)
    with room.reading() as connection:
        return connection.execute(ready.order_by(inbox.c.position).limit(limit)).all()


def claim(room: Room, row: sa.Row[Any]) -> bool:
    """Lease an event for one attempt, and tell whether it is ours.

    The attempt counts from here, so that what kills its process every time comes to an end, too: it dies when it is found
    with all its attempts begun.
    """
    now = room.wall()
    spent = row.attempts >= room.settings.max_attempts
    values: dict[str, Any] = {"attempts": row.attempts + 1, "due_at": now + LEASE}
    if spent:
        values = {"state": "dead", "due_at": None, "error": f"the process died while handling it; before: {row.error}"}
    unchanged = sa.and_(inbox.c.key == row.key, inbox.c.state == "retry", inbox.c.attempts == row.attempts)
    with room.transaction() as uow:
        ours = bool(uow.connection.execute(inbox.update().where(unchanged, inbox.c.due_at <= now).values(**values)).rowcount)
    if ours and spent:
        metrics.HANDLED.labels(room.name, row.type, "dead").inc()
        log.warning("event_killed_its_process", service=room.name, type=row.type, key=row.key, attempts=row.attempts)
    return ours and not spent


def claimed(row: sa.Row[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that the attempt claimed with ``row`` is still ours: nobody claimed another since."""
    return sa.and_(inbox.c.key == row.key, inbox.c.state == "retry", inbox.c.attempts == row.attempts + 1)


def give_back(room: Room, row: sa.Row[Any]) -> None:
    """Undo a claim, for the event is innocent: its attempt was ended by something that is away."""
    with suppress(DependencyDown), room.transaction() as uow:
        uow.connection.execute(inbox.update().where(claimed(row)).values(attempts=row.attempts, due_at=row.due_at))
