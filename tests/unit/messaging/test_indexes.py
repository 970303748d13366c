"""The questions the kit asks for each batch must not read the whole inbox, however much it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.partners import SampleTested
from shared.database.migrate import migrate
from shared.kernel.clock import SystemClock
from shared.messaging import relay
from shared.messaging.brokers import Delivery
from shared.messaging.brokers.memory import MemoryBroker
from shared.messaging.inbox import Inbox
from shared.room import Room
from shared.settings import Settings


@contextmanager
def _plans() -> Iterator[list[str]]:
    """Collect SQLite's plan of every question asked inside."""
    plans: list[str] = []

    def explain(connection: sa.Connection, _cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            found = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in found)

    sa.event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        sa.event.remove(Engine, "before_cursor_execute", explain)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Give a room with an empty database."""
    made = Room("planning", Settings(data_dir=tmp_path), SystemClock(), MemoryBroker())
    migrate(made.database)
    return made


def _delivery() -> Delivery:
    data = SampleTested.sample()
    event = Event(id="1", source="/lab", type=data.type, subject=data.order_key(), time=data.observed_at, data=data)
    return Delivery(encode(event), 1)


def test_no_question_scans_a_table(room: Room) -> None:
    """A batch, a repeated batch, a failing one, the look for retries and the relay's search all go by an index."""

    def fail(*_: object) -> None:
        raise ValueError("poison")

    with _plans() as plans:
        Inbox(room, fail).process([_delivery()])
        Inbox(room, lambda *_: None).process([_delivery()])
        Inbox(room, lambda *_: None).retry_due()
        with room.reading() as connection:
            relay.pending(connection)
        relay.Relay(room).publish_stored()
    assert plans
    scanned = [plan for plan in plans if plan.startswith(("SCAN inbox", "SCAN outbox", "SCAN earlier")) and "USING" not in plan]
    assert scanned == []
