"""Brings the gauges up to date that are read from a service's database and its pools, when somebody asks for metrics."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from shared.kernel.errors import DependencyDown
from shared.messaging import breaker, relay
from shared.messaging.tables import UNSETTLED, inbox, quarantine
from shared.observability import metrics
from shared.room import Room


def measure(room: Room) -> None:
    """Measure one service; without its database only that is new, and the other gauges keep what they last showed."""
    for pool, number in room.database.in_use().items():
        metrics.DATABASE_IN_USE.labels(room.name, pool).set(number)
    try:
        with room.reading() as connection:
            now = room.wall()
            _outbox(connection, room.name, now)
            _desk(connection, room.name, now)
            metrics.DIVERTING_PAUSED.labels(room.name).set(breaker.is_tripped(connection))
            for measurement in room.measurements:
                measurement(connection, now)
    except DependencyDown:
        metrics.DATABASE_CONNECTED.labels(room.name).set(0)
    else:
        metrics.DATABASE_CONNECTED.labels(room.name).set(1)


def age(since: datetime | None, now: datetime) -> float:
    """Return the seconds since a moment, 0 when there is none."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _outbox(connection: sa.Connection, service: str, now: datetime) -> None:
    pending, oldest = relay.pending(connection)
    metrics.OUTBOX_PENDING.labels(service).set(pending)
    metrics.OUTBOX_OLDEST.labels(service).set(age(oldest, now))


def _desk(connection: sa.Connection, service: str, now: datetime) -> None:
    columns = (inbox.c.state, sa.func.count(), sa.func.min(inbox.c.received_at))
    unsettled = sa.select(*columns).where(UNSETTLED).group_by(inbox.c.state)
    unreadable = sa.select(sa.func.count(), sa.func.min(quarantine.c.received_at)).where(quarantine.c.state == "quarantined")
    letters = {state: (number, oldest) for state, number, oldest in connection.execute(unsettled)}
    letters["quarantined"] = connection.execute(unreadable).one()
    nothing = (0, None)
    for state in ("dead", "retry", "quarantined"):
        metrics.DEAD_LETTERS.labels(service, state).set(letters.get(state, nothing)[0])
    waiting = [oldest for state in ("dead", "quarantined") if (oldest := letters.get(state, nothing)[1])]
    metrics.OLDEST_DEAD_LETTER.labels(service).set(age(min(waiting, default=None), now))
    metrics.OLDEST_RETRY.labels(service).set(age(letters.get("retry", nothing)[1], now))
