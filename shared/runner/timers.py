"""``@every``: a method that runs once in each slot of time, however many copies of the service there are."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from nameko.extensions import Entrypoint
from sqlalchemy.dialects import postgresql, sqlite

from shared.kernel.errors import DependencyDown
from shared.messaging.tables import timer_slots
from shared.observability import metrics
from shared.room import Room
from shared.runner.health import Health
from shared.runner.worker import run_method

log = structlog.get_logger()

# How long a waiting timer may take to notice that it is to stop, and to try a failed slot again.
_GLANCE = 0.5


class Every(Entrypoint):
    """Calls the method with a unit of work, in the transaction that claims the slot.

    A method that returns True has more to do and is called again in another transaction.
    Slots are counted on the business clock. When several have passed, only the present one runs: what has fallen due in
    between is found by the method's own query.
    """

    def __init__(self, *, minutes: int, **kwargs: Any) -> None:
        self._period = timedelta(minutes=minutes)
        self._stopping = False
        self.health = Health()
        super().__init__(expected_exceptions=(Exception,), **kwargs)

    def setup(self) -> None:
        for result in ("ok", "failed"):
            # A series that appears with its first failure has not increased, and no alert would see that one.
            metrics.TIMER_RUNS.labels(self.container.service_name, self.method_name, result)

    def start(self) -> None:
        self._waiting = threading.Event()
        self._thread = self.container.spawn_managed_thread(self._run, identifier=f"timer {self.method_name}")
        self._waiting.wait()

    def stop(self) -> None:
        self._stopping = True
        self._thread.wait()

    def _run(self) -> None:
        room: Room = self.container.config["rooms"][self.container.service_name]
        done = -1
        self._waiting.set()  # nothing yields between here and the first wait, so a clock that is advanced next knows this timer
        while not self._stopping:
            if not room.clock.wait_until(self._moment(done + 1), at_most=_GLANCE):
                continue
            slot = int(room.clock.now().timestamp() // self._period.total_seconds())
            try:
                self._run_slot(room, slot)
                done = slot
                self.health.succeeded()
                metrics.TIMER_RUNS.labels(room.name, self.method_name, "ok").inc()
            except Exception as error:
                self.health.failed(error)
                metrics.TIMER_RUNS.labels(room.name, self.method_name, "failed").inc()
                expected = isinstance(error, DependencyDown)
                log.warning(
                    "timer_failed", timer=self.method_name, slot=slot, error=str(error), exc_info=None if expected else error
                )
                threading.Event().wait(_GLANCE)

    def _moment(self, slot: int) -> datetime:
        return datetime.fromtimestamp(max(slot, 0) * self._period.total_seconds(), UTC)

    def _run_slot(self, room: Room, slot: int) -> None:
        with room.transaction() as uow:
            more = self._claim(uow.connection, slot) and run_method(self, (uow,))
        while more:
            with room.transaction() as uow:
                more = run_method(self, (uow,))

    def _claim(self, connection: sa.Connection, slot: int) -> bool:
        insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
        statement: Any = insert(timer_slots).values(timer=self.method_name, slot=slot)
        statement = statement.on_conflict_do_update(
            index_elements=["timer"], set_={"slot": statement.excluded.slot}, where=timer_slots.c.slot < statement.excluded.slot
        )
        return connection.execute(statement.returning(timer_slots.c.slot)).first() is not None


every = Every.decorator
