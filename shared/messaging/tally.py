"""Metrics and log lines of one inbox: what became of its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import structlog

from shared.contracts.envelope import Event
from shared.kernel.errors import Reason
from shared.messaging.failure import describe
from shared.observability import metrics
from shared.room import Room

log = structlog.get_logger()


class Tally:
    """Counts what became of the events of ``room``."""

    def __init__(self, room: Room) -> None:
        self._room = room
        # A series that appears with its first fault has not increased, and no alert would see that one.
        for reason in Reason:
            metrics.REFUSED.labels(room.name, str(reason))
        for result in ("succeeded", "failed"):
            metrics.REPLAYS.labels(room.name, result)
        metrics.LEASES_LOST.labels(room.name)
        metrics.ATTEMPTS.labels(room.name)

    def handled(self, events: Sequence[Event[Any]], outcome: str) -> None:
        """Count events by their type, and how old they were when they had their effect."""
        service, now = self._room.name, self._room.wall()
        for event_type, number in Counter(event.type for event in events).items():
            metrics.HANDLED.labels(service, event_type, outcome).inc(number)
        if events and outcome == "ok":
            # One observation a batch: the oldest is the one that matters.
            published, observed = min(event.time for event in events), min(event.data.observed_at for event in events)
            metrics.EVENT_AGE.labels(service).observe(max(0.0, (now - published).total_seconds()))
            metrics.LATENESS.labels(service).observe(max(0.0, (now - observed).total_seconds()))

    def attempt(self, row: sa.Row[Any], attempts: int, *, ended: bool, succeeded: bool) -> None:
        """Count what an attempt of an event that waited came to."""
        if ended:
            metrics.ATTEMPTS.labels(self._room.name).observe(attempts)
        if row.attempts == 0 and row.handler is not None:  # it failed before, and a person gave it its attempts anew
            metrics.REPLAYS.labels(self._room.name, "succeeded" if succeeded else "failed").inc()

    def failed(self, event_type: str, event: Event[Any] | None, state: str, attempts: int, error: Exception) -> None:
        """Count a failure and tell the log; the first and the last of an event with their traceback."""
        metrics.HANDLED.labels(self._room.name, event_type, state).inc()
        log.warning(
            "event_failed",
            service=self._room.name,
            type=event_type,
            id=event.id if event else None,
            correlation_id=event.correlationid if event else None,
            state=state,
            attempts=attempts,
            error=describe(error),
            exc_info=error if attempts == 1 or state == "dead" else None,
        )
