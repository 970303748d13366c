"""Outbox to broker: pipelined confirms, in order of writing, by a ``published_at`` mark and never by "after the last id".

Sequence numbers are given before commit, so a later number may be visible first; a mark on each row cannot skip one.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from shared.database.arrays import among
from shared.kernel.errors import DependencyDown
from shared.messaging.brokers import Fate, Message, Publisher
from shared.messaging.tables import outbox
from shared.observability import metrics
from shared.room import Room

log = structlog.get_logger()

_RETURNED_PAUSE = timedelta(seconds=30)


class Relay:
    """Publishes what one service has stored."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._publisher: Publisher | None = None
        for fate in Fate:
            # A series that appears with its first fault has not increased, and no alert would see that one.
            metrics.OUTBOX_PUBLISHED.labels(room.name, fate)

    def publish_stored(self) -> bool:
        """Publish one batch, and tell whether there may be more to do at once.

        Raises ``DependencyDown`` when broker or database is away; what was not marked is sent again under the same ids.
        """
        rows = self._pending()
        if not rows:
            return False
        if self._publisher is None:
            self._publisher = self._room.broker.publisher()
        began = time.perf_counter()
        try:
            fates = self._publisher.publish(
                [Message(row.type, row.subject, row.body.encode()) for row in rows], timeout=self._room.settings.confirm_timeout
            )
        except DependencyDown:
            self.close()
            raise
        metrics.OUTBOX_CONFIRM_SECONDS.labels(self._room.name).observe(time.perf_counter() - began)
        self._mark(rows, fates)
        # Of a short batch nothing is left; what is committed from now on wakes the relay again.
        return len(rows) == self._room.settings.batch_size and Fate.CONFIRMED in fates

    def close(self) -> None:
        """Let go of the connection; the next batch opens another."""
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None

    def _pending(self) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        due = sa.or_(outbox.c.returned_at.is_(None), outbox.c.returned_at < self._room.wall() - _RETURNED_PAUSE)
        with self._room.reading() as connection:
            return connection.execute(
                sa.select(outbox.c.seq, outbox.c.type, outbox.c.subject, outbox.c.body)
                .where(outbox.c.published_at.is_(None), due)
                .order_by(outbox.c.seq)
                .limit(self._room.settings.batch_size)
            ).all()

    def _mark(self, rows: Sequence[sa.Row[*tuple[Any, ...]]], fates: Sequence[Fate]) -> None:
        now = self._room.wall()
        # A lost mark means that the event is sent once more under its id, which every inbox knows.
        with self._room.database.writing(lasting=False) as connection:
            for fate, column in ((Fate.CONFIRMED, outbox.c.published_at), (Fate.RETURNED, outbox.c.returned_at)):
                numbers = [row.seq for row, found in zip(rows, fates, strict=True) if found is fate]
                if numbers:
                    connection.execute(outbox.update().where(among(outbox.c.seq, numbers, connection)).values({column: now}))
        counts = Counter(fates)
        for fate, number in counts.items():
            metrics.OUTBOX_PUBLISHED.labels(self._room.name, fate).inc(number)
        if counts.keys() - {Fate.CONFIRMED}:
            types = sorted({row.type for row, fate in zip(rows, fates, strict=True) if fate is not Fate.CONFIRMED})
            log.warning("outbox_not_confirmed", service=self._room.name, fates=dict(counts), types=types)


def pending(connection: sa.Connection) -> tuple[int, datetime | None]:
    """Return how many stored events are not confirmed yet, and when the oldest of them was stored."""
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.min(outbox.c.created_at)).where(outbox.c.published_at.is_(None))
    ).one()
    return int(row[0]), row[1]
