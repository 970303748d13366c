"""Programs and files that several of these tests need."""

from __future__ import annotations

import pytest

from tests.deploy.programs import Programs, unpacked


@pytest.fixture(scope="session")
def programs() -> Programs:
    """Give promtool and amtool."""
    return unpacked()
