"""A room of the notification service on a SQLite file, with times that the tests set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy

import pytest

from services.notification.contacts import Contacts
from services.notification.desk import Desk, open_desk
from services.notification.model import Letter, Notice, Wording
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.kernel.clock import EventClock
from shared.messaging.brokers.memory import MemoryBroker
from shared.room import Room
from shared.settings import Settings
from tests.unit.notification.made_up import MORNING, Wall, tbt_office


@pytest.fixture
def wall() -> Wall:
    """Give physical time."""
    return Wall()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings whose data lies in the test's folder."""
    return Settings(data_dir=tmp_path, mail_from="chuan@example.invalid", public_url="https://chuan.example.invalid")


@pytest.fixture
def clock() -> EventClock:
    """Give business time."""
    return EventClock(MORNING)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file with the tables that the migrations make, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    database = Database(f"sqlite:///{folder}/{{service}}.db", "notification")
    migrate(database)
    database.close()
    return folder / "notification.db"


@pytest.fixture
def room(settings: Settings, clock: EventClock, wall: Wall, migrated: Path) -> Iterator[Room]:
    """Give the service's room."""
    copy(migrated, settings.data_dir / "notification.db")
    made = Room("notification", settings, clock, MemoryBroker(), wall)
    yield made
    made.close()


@pytest.fixture
def desk(settings: Settings, wall: Wall) -> Desk:
    """Give the rules, the words and the sample contacts."""
    return open_desk(settings, wall)


@pytest.fixture
def contacts(desk: Desk) -> Contacts:
    """Give the sample contacts."""
    return desk.contacts


@pytest.fixture
def letter() -> Letter:
    """Give a letter to the TBT office."""
    notice = Notice(
        notice_id="0a4f2f6e-0000-5000-8000-000000000001",
        kind="violation_warning",
        about="SAMPLE-VIOLATION-0001",
        province="46",
        product_group="petrol",
        issued_at=datetime(2025, 3, 14, 2, 31, tzinfo=UTC),
        wording=Wording(
            title_vi="Cảnh báo vi phạm: chất lượng xăng dầu",
            text_vi="Dòng một\nDòng hai\n\nĐoạn hai",
            title_en="Violation warning: fuel quality",
            text_en="Line one\nLine two\n\nParagraph two",
        ),
    )
    return Letter("0a4f2f6e-0000-5000-8000-00000000000d", notice, tbt_office(email={"address": "tbt@example.invalid"}))
