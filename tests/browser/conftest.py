"""One running installation and one browser for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.browser import chromium
from tests.browser.installation import Installation, installed


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All services with a few events of every stream."""
    with installed(tmp_path_factory.mktemp("installation")) as made:
        yield made


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """The browser's one window."""
    with chromium.opened(tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def browser(window: Chrome, installation: Installation) -> Chrome:
    """The browser on a desk, its officer logged in, with nothing left of the test before."""
    chromium.widen(window, chromium.DESK)
    window.get(f"{installation.entrance}/")
    chromium.complaints(window)
    return window
