"""Planning on a fresh database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.planning.story import Planning


@pytest.fixture
def planning(tmp_path: Path) -> Iterator[Planning]:
    """Give planning with migrated, empty tables."""
    planning = Planning(tmp_path)
    yield planning
    planning.database.close()
