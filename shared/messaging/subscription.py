"""``@subscribe``: batches of once-only events for a nameko service.

A service has one queue and, in each copy, one reader, whatever number of methods subscribe. A batch is what queued up
while the one before was being committed, so no timer makes a single event wait.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import structlog
from nameko.extensions import Entrypoint, SharedExtension

from shared.contracts.envelope import Data, Event
from shared.database.migrate import is_current
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import DependencyDown
from shared.messaging.brokers import Delivery, Subscription
from shared.messaging.inbox import Inbox
from shared.observability import metrics
from shared.room import Room
from shared.runner.loop import Loop
from shared.runner.worker import run_method

log = structlog.get_logger()

_IDLE = 0.25  # seconds a reader waits for the first event before it looks up
_RETRY_GLANCE = 1.0  # seconds between two looks for retries that have fallen due


class QueueReader(SharedExtension):
    """Reads the service's queue and runs batches through its inbox."""

    def __init__(self) -> None:
        super().__init__()
        self.methods: list[Subscribe] = []

    def setup(self) -> None:
        self.room: Room = self.container.config["rooms"][self.container.service_name]
        self.inbox = Inbox(self.room, self._handle)
        self.loop = Loop(f"reader {self.room.name}", self._read_one_batch, interval=0.0)
        self.subscription: Subscription | None = None
        self._unsettled: list[Delivery] = []
        self._look_for_retries_at = 0.0

    def start(self) -> None:
        # Counts from 0, so that the first one is an increase.
        for event_type in self.types():
            metrics.HANDLED.labels(self.room.name, event_type, "ok")
        for reason in ("surplus", "starved"):
            metrics.CONSUMER_REOPENED.labels(self.room.name, reason)
        self.loop.start(self.container)

    def stop(self) -> None:
        """Finish and acknowledge the batch at hand, and give the rest back; a second call changes nothing."""
        self.loop.stop()
        if self.subscription is not None:
            self.subscription.close()
            self.subscription = None

    @property
    def connected(self) -> bool:
        return self.subscription is not None and self.loop.healthy

    def types(self) -> list[str]:
        """Return the event types that some method subscribes to."""
        return sorted({event_type for method in self.methods for event_type in method.types})

    def _read_one_batch(self) -> bool:
        try:
            if self.subscription is None:
                # What is taken while it cannot be stored is given back, and the broker counts that against the events.
                self._await_database()
                partitions = self.room.settings.partitions
                self.room.broker.declare(self.room.name, self.types(), partitions=partitions)
                # Enough to fill the next batch while one is at work; a reader that dies gives all of them back.
                prefetch = 2 * self.room.settings.batch_size
                self.subscription = self.room.broker.subscribe(self.room.name, partitions=partitions, prefetch=prefetch)
                self._unsettled = []
            # A batch that failed on a missing dependency is still ours: it goes first.
            self._unsettled = self._unsettled or self.subscription.take(self.room.settings.batch_size, timeout=_IDLE)
            if self._unsettled:
                self.inbox.process(self._unsettled)
                self.subscription.ack(self._unsettled)
                self._unsettled = []
            if time.monotonic() >= self._look_for_retries_at:
                self._look_for_retries_at = time.monotonic() + _RETRY_GLANCE
                self.inbox.retry_due()
        except DependencyDown:
            self._note_connection()
            metrics.CONSUMER_PAUSED.labels(self.room.name).set(1)
            raise
        self._note_connection()
        metrics.CONSUMER_PAUSED.labels(self.room.name).set(0)
        return True

    def _await_database(self) -> None:
        """Raise ``DependencyDown`` while there is no database to store into."""
        if not is_current(self.room.database):
            raise DependencyDown(f"the database of {self.room.name} lacks migrations: run `chuan migrate`")

    def _note_connection(self) -> None:
        if self.subscription is not None and not self.subscription.alive:
            self.subscription.close()
            self.subscription = None
        metrics.CONSUMER_CONNECTED.labels(self.room.name).set(self.subscription is not None)

    def _handle(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        """Call each subscribing method with its events, in order of arrival."""
        for method in self.methods:
            wanted = [event for event in events if event.type in method.types]
            if wanted:
                run_method(method, (wanted, uow))


class Subscribe(Entrypoint):
    """Binds a method to event types. Order is kept among the events of one method."""

    reader = QueueReader()

    def __init__(self, *types: type[Data], **kwargs: Any) -> None:
        self.types = frozenset(one.type for one in types)
        super().__init__(expected_exceptions=(Exception,), **kwargs)

    def setup(self) -> None:
        self.reader.methods.append(self)

    def stop(self) -> None:
        # nameko stops entrypoints first and what they share last; the reader must not outlive the methods it feeds.
        self.reader.stop()


subscribe = Subscribe.decorator


def subscribed_types(service: type) -> list[str]:
    """Return the event types a service class subscribes to, without starting it."""
    found: set[str] = set()
    for name in dir(service):
        for entrypoint in getattr(getattr(service, name), "nameko_entrypoints", ()):
            if isinstance(entrypoint, Subscribe):
                found |= entrypoint.types
    return sorted(found)
