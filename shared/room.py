"""What one service has at runtime: its database, the broker, the clock and the settings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa

from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.clock import Clock
from shared.messaging.brokers import Broker
from shared.observability.tracing import traceparent_after
from shared.settings import Settings


def wall_time() -> datetime:
    """Return physical time, for leases, retries and ages; business time is the clock's."""
    return datetime.now(UTC)


class Room:
    """One service's surroundings; ``clock`` is business time, ``wall`` physical time."""

    def __init__(
        self, name: str, settings: Settings, clock: Clock, broker: Broker, wall: Callable[[], datetime] = wall_time
    ) -> None:
        self.name = name
        self.settings = settings
        self.clock = clock
        self.broker = broker
        self.wall = wall
        self.database = Database(
            settings.service_database_url(), name, pool_size=settings.pool_size, statement_timeout=settings.statement_timeout
        )
        self.measurements: list[Callable[[sa.Connection, datetime], None]] = []
        self._listeners: list[threading.Event] = []
        self._publishers: list[threading.Event] = []

    @contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        """Give a unit of work: stored with all it emits at the end, rolled back on any exception."""
        with self.database.writing() as connection:
            uow = self._unit_of_work(connection)
            yield uow
            emitted = uow.flush()
        for listener in self._listeners + (self._publishers if emitted else []):
            listener.set()

    @contextmanager
    def rehearsal(self) -> Iterator[UnitOfWork]:
        """Give a unit of work that is always rolled back."""
        with self.database.rehearsing() as connection:
            uow = self._unit_of_work(connection)
            yield uow
            uow.flush()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a read-only snapshot."""
        with self.database.reading() as connection:
            yield connection

    def on_commit(self, listener: threading.Event) -> None:
        """Set ``listener`` after each commit of this process."""
        self._listeners.append(listener)

    def on_emit(self, listener: threading.Event) -> None:
        """Set ``listener`` after each commit of this process that put something into the outbox."""
        self._publishers.append(listener)

    def on_measure(self, measurement: Callable[[sa.Connection, datetime], None]) -> None:
        """Call ``measurement`` with a snapshot and the time whenever metrics are asked for."""
        self.measurements.append(measurement)

    def close(self) -> None:
        self.database.close()

    def _unit_of_work(self, connection: sa.Connection) -> UnitOfWork:
        return UnitOfWork(connection, self.name, self.clock.now(), self.wall(), traceparent_after)
