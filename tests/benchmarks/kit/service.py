"""The peers' work through the kit: batches of validated, once-only events, added up and stored with one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationDetected
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert
from shared.messaging.subscription import subscribe
from shared.runner.provider import provided_room

metadata = sa.MetaData()
rollup = sa.Table(
    "rollup",
    metadata,
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("events", sa.BigInteger, nullable=False),
)


class RollupService:
    """Adds up violations."""

    name = "rollup"
    room = provided_room()

    @subscribe(ViolationDetected)
    def add(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        """Take a batch."""
        cells = Counter((event.data.province, event.data.kind, event.data.observed_at.date()) for event in events)
        rows = [
            {"province": province, "kind": kind, "day": day, "events": count} for (province, kind, day), count in cells.items()
        ]
        upsert(uow.connection, rollup, rows, add=["events"])


class AnnouncerService:
    """Publishes what stands in its outbox."""

    name = "announcer"
    room = provided_room()
