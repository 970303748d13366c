"""A real database for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from shared.database.engine import Database
from shared.database.migrate import migrate


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Give empty, migrated databases."""
    with ExitStack() as opened:
        numbers = iter(range(1000))

        def make() -> Database:
            database = opened.enter_context(closing(Database(f"sqlite:///{tmp_path}/{next(numbers)}/reporting.db", "reporting")))
            migrate(database)
            return database

        yield make


@pytest.fixture
def database(new_database: Callable[[], Database]) -> Database:
    """Give one empty, migrated database."""
    return new_database()
