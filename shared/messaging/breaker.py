"""Stops diverting when too much fails: a fault of ours must not send a whole backlog to the dead-letter desk."""

from __future__ import annotations

from collections import deque
from datetime import datetime

import sqlalchemy as sa
import structlog

from shared.kernel.errors import DependencyDown
from shared.messaging.failure import describe
from shared.messaging.tables import breaker_trips
from shared.room import Room

log = structlog.get_logger()

_REMEMBERED = 200
_FEWEST_FAILURES = 50
_SHARE = 0.5

_OPEN = breaker_trips.c.closed_at.is_(None)


class Breaker:
    """Remembers how the last events ended, and opens when more than half of them failed, and at least fifty.

    While it is open failures are not recorded: the events stay in the queue with their attempts unspent and are tried
    again from time to time. It closes when more of them succeed than fail, or when a person says so. That it is open
    stands in the database: a restart does not close it, and every copy and the desk see it.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._failed: deque[bool] = deque(maxlen=_REMEMBERED)
        self._allowance = 0
        self._open: bool | None = None

    def is_open(self) -> bool:
        """Tell whether too much fails; costs nothing while all is well."""
        if self._open is False:
            return False
        with self._room.reading() as connection:
            last = connection.execute(sa.select(breaker_trips).order_by(breaker_trips.c.number.desc()).limit(1)).first()
        still = last is not None and last.closed_at is None
        if self._open and not still and last is not None:
            self._close(last.allowance)
        self._open = still
        return still

    def succeeded(self, events: int) -> None:
        """Note events that were handled."""
        self._failed.extend([False] * min(events, _REMEMBERED))

    def failed(self, error: Exception) -> None:
        """Note an event that failed; raise ``DependencyDown``, before anything is recorded, when too many did."""
        if self._allowance:
            self._allowance -= 1
            return
        failures = sum(self._failed)
        if failures >= _FEWEST_FAILURES and failures > _SHARE * len(self._failed):
            self._trip(error)
            raise DependencyDown(f"{failures} of the last {len(self._failed)} events failed; the next one: {error}") from error
        self._failed.append(True)

    def judge(self, succeeded: int, failed: int, error: Exception | None = None) -> None:
        """Close when a look at what waits went well; raise ``DependencyDown`` when most of it failed again."""
        if failed and failed >= succeeded:
            raise DependencyDown(f"{failed} of {failed + succeeded} events that were tried again failed") from error
        if succeeded:
            with self._room.transaction() as uow:
                close(uow.connection, "a look at what waits", self._room.wall())
            self._close(0)

    def _trip(self, error: Exception) -> None:
        with self._room.transaction() as uow:
            if not uow.connection.scalar(sa.select(sa.exists().where(_OPEN))):
                row = {"tripped_at": self._room.wall(), "error": describe(error), "allowance": 0}
                uow.connection.execute(breaker_trips.insert().values(**row))
        self._open = True
        log.error("diverting_stopped", service=self._room.name, error=describe(error))

    def _close(self, allowance: int) -> None:
        self._open = False
        self._failed.clear()
        self._allowance = allowance
        log.warning("diverting_resumed", service=self._room.name)


def close(connection: sa.Connection, by: str, now: datetime, *, allowance: int = 0) -> bool:
    """Close the breaker of a service, let ``allowance`` failures pass, and tell whether it was open."""
    closed = {"closed_at": now, "closed_by": by, "allowance": allowance}
    return bool(connection.execute(breaker_trips.update().where(_OPEN).values(**closed)).rowcount)


def is_tripped(connection: sa.Connection) -> bool:
    """Tell whether the breaker of a service is open."""
    return bool(connection.scalar(sa.select(sa.exists().where(_OPEN))))
