"""The rig on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.messaging.rig import Rig


@pytest.fixture
def rig(tmp_path: Path, database_url: str) -> Iterator[Rig]:
    """Give a service without a history."""
    with Rig(tmp_path, database_url) as rig:
        yield rig
