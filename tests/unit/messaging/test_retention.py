"""What is forgotten, what is kept, and the settings that would make an event count twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.database.migrate import migrate
from shared.database.upsert import insert_all
from shared.kernel.clock import SystemClock
from shared.kernel.errors import ChuanError
from shared.messaging.brokers.memory import MemoryBroker
from shared.messaging.retention import check_retention, forget_expired
from shared.messaging.tables import inbox, outbox
from shared.room import Room
from shared.runner.launcher import Hosting
from shared.settings import Settings

_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """Give a room whose wall stands still."""
    settings = Settings(data_dir=tmp_path, inbox_retention_days=100, outbox_retention_days=10, replay_horizon_days=5)
    made = Room("planning", settings, SystemClock(), MemoryBroker(), lambda: _NOW)
    migrate(made.database)
    return made


def _received(key: int, age: timedelta, state: str = "done") -> dict[str, object]:
    return {"key": f"{key:032x}", "state": state, "fingerprint": 0, "received_at": _NOW - age}


def _stored(name: str, published: timedelta | None) -> dict[str, object]:
    moment = None if published is None else _NOW - published
    return {"type": name, "subject": "", "body": "", "created_at": _NOW - 99 * _DAY, "published_at": moment}


def test_forgets_what_has_expired_and_nothing_else(room: Room) -> None:
    """One moment decides, on both sides of it; what is not published or not done stays however old it is."""
    moment = timedelta(microseconds=1)
    with room.database.writing() as connection:
        insert_all(
            connection,
            inbox,
            [_received(1, 100 * _DAY + moment), _received(2, 100 * _DAY), _received(3, 999 * _DAY, "dead")],
        )
        insert_all(
            connection,
            outbox,
            [_stored("expired", 10 * _DAY + moment), _stored("kept", 10 * _DAY), _stored("unpublished", None)],
        )
    assert not forget_expired(room)
    with room.reading() as connection:
        assert sorted(int(key, 16) for key in connection.scalars(sa.select(inbox.c.key))) == [2, 3]
        assert list(connection.scalars(sa.select(outbox.c.type).order_by(outbox.c.seq))) == ["kept", "unpublished"]


@pytest.mark.parametrize(
    ("inbox_days", "outbox_days", "refused"),
    [(61, 60, ""), (60, 60, "would count twice"), (59, 60, "would count twice"), (61, 46, ""), (61, 45, "would be gone")],
)
def test_each_memory_is_longer_than_what_rests_on_it(inbox_days: int, outbox_days: int, refused: str) -> None:
    """Outboxes keep longer than replays reach, inboxes remember longer than outboxes keep; on both sides of each limit."""
    settings = Settings(inbox_retention_days=inbox_days, outbox_retention_days=outbox_days, replay_horizon_days=45)
    if not refused:
        check_retention(settings)
    else:
        with pytest.raises(ChuanError, match=refused):
            check_retention(settings)


def test_a_service_does_not_start_with_less(tmp_path: Path) -> None:
    """The check stands before anything is opened."""
    settings = Settings(data_dir=tmp_path / "data", inbox_retention_days=10)
    with pytest.raises(ChuanError, match="would count twice"):
        Hosting([], settings, SystemClock(), version="test", asyncapi=dict)
    assert not (tmp_path / "data").exists()
