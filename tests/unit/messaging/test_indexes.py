"""The questions the kit asks for each batch must not read the whole inbox, however much it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

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
from tests.explaining import explained, whole_tables


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

    with explained() as plans:
        Inbox(room, fail).process([_delivery()])
        Inbox(room, lambda *_: None).process([_delivery()])
        Inbox(room, lambda *_: None).retry_due()
        with room.reading() as connection:
            relay.pending(connection)
        relay.Relay(room).publish_stored()
    assert plans
    assert whole_tables(plans, "inbox", "outbox", "earlier") == []
