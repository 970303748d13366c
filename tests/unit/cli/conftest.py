"""Services' databases as a running chuan leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from shared.database.migrate import migrate
from shared.kernel.clock import SystemClock
from shared.messaging.brokers.memory import MemoryBroker
from shared.room import Room
from shared.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an embedded run in a folder of its own."""
    return Settings(data_dir=tmp_path, max_attempts=2)


@pytest.fixture
def new_room(settings: Settings) -> Iterator[Callable[[str], Room]]:
    """Give rooms with migrated databases."""
    with ExitStack() as opened:

        def make(name: str) -> Room:
            room = opened.enter_context(closing(Room(name, settings, SystemClock(), MemoryBroker())))
            migrate(room.database)
            return room

        yield make
