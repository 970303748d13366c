"""One transaction: what a handler changes and what it announces are stored together or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from shared.contracts.codec import encode
from shared.contracts.envelope import OWN_SOURCE, Data, Event
from shared.database.upsert import insert_all
from shared.kernel.ids import derived_id
from shared.messaging.tables import outbox


class UnitOfWork:
    """An open transaction of one service.

    ``now`` is business time at its start; ``traceparent`` gives the W3C trace context of what is done because of something, by
    the context that had.
    """

    def __init__(
        self, connection: sa.Connection, service: str, now: datetime, wall: datetime, traceparent: Callable[[str], str] = str
    ) -> None:
        self.connection = connection
        self.service = service
        self.now = now
        self._wall = wall
        self._traceparent = traceparent
        self._emitted: list[Event[Any]] = []

    @property
    def emitted(self) -> tuple[Event[Any], ...]:
        return tuple(self._emitted)

    def acted_at(self, cause: Event[Any]) -> datetime:
        """Return the legal time of an act done by itself because of ``cause``: not before the cause was published."""
        return max(self.now, cause.time)

    def emit(self, data: Data, *, cause: Event[Any] | None = None, key: str = "") -> Event[Any]:
        """Record an event for the outbox and return it.

        Its id is derived from the service, the cause, the type, the subject and ``key``: repeating the work gives the
        same id. Raises ``ValueError`` for an event without a cause and without a ``key`` to tell it apart.
        """
        if cause is None and not key:
            raise ValueError(f"{data.type} has no cause and needs a key")
        subject = data.order_key()
        event_id = derived_id(self.service, cause.key if cause else "", data.type, subject, key)
        event = Event(
            id=event_id,
            source=f"{OWN_SOURCE}{self.service}",
            type=data.type,
            subject=subject,
            time=max(self.now, data.observed_at, cause.time if cause else self.now),
            data=data,
            dataversion=data.version,
            correlationid=cause.correlationid if cause else event_id,
            causationid=cause.id if cause else "",
            traceparent=self._traceparent(cause.traceparent if cause else ""),
        )
        self._emitted.append(event)
        return event

    def forward(self, event: Event[Any]) -> None:
        """Put an event of somebody else into the outbox; one that came without a trace gets that of its request."""
        if not event.traceparent:
            event = msgspec.structs.replace(event, traceparent=self._traceparent(""))
        self._emitted.append(event)

    def flush(self) -> int:
        """Write the recorded events and return how many there were."""
        insert_all(
            self.connection,
            outbox,
            [
                {"type": event.type, "subject": event.subject, "body": encode(event).decode(), "created_at": self._wall}
                for event in self._emitted
            ],
        )
        count = len(self._emitted)
        self._emitted.clear()
        return count
