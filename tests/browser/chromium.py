"""Chromium as an officer would use it: what it shows, what it asks for, and what it complains of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from tests.servers.packages import browser_programs
from tests.servers.processes import wait_until

DESK, TELEPHONE = 1280, 390  # pixels wide
_SECONDS = 20

_STATUS = "return performance.getEntriesByType('navigation')[0].responseStatus"
# A table may be wider than a telephone: it has a bar of its own to be moved by.
_STICKING_OUT = """
    return [...document.querySelectorAll("body *")]
        .filter(one => !one.closest(".scroll > *") && one.getBoundingClientRect().right > window.innerWidth + 0.5)
        .map(one => `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 40)}`)
        .concat(document.documentElement.scrollWidth > window.innerWidth ? ["the page"] : [])
"""


@contextmanager
def opened(profile: Path) -> Iterator[Chrome]:
    """Give a browser with a profile of its own, which knows no host but this one; it is closed at the end."""
    programs = browser_programs()
    assert programs is not None, "there is no browser: `make servers` as root installs it"
    options = Options()
    options.binary_location, driver = programs
    for argument in (
        "--headless",
        f"--user-data-dir={profile}",
        "--disable-background-networking",
        "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium refuses to sandbox what root starts
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service(driver))
    try:
        browser.set_page_load_timeout(_SECONDS)
        yield browser
    finally:
        browser.quit()


def widen(browser: Chrome, width: int) -> None:
    """Show pages as wide as a desk's or a telephone's screen does."""
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def visit(browser: Chrome, address: str) -> None:
    """Open a page, which must be answered, and without a complaint in the console."""
    browser.get(address)
    assert status(browser) == 200, address
    assert complaints(browser) == [], address


def press(browser: Chrome) -> str:
    """Press the page's first button, wait for the page it leads to, and return what the button stood for."""
    button = browser.find_element(By.CSS_SELECTOR, "form button")
    meant = str(button.get_attribute("value"))
    browser.execute_script("window.isLeft = true")
    button.click()
    arrived = "return !window.isLeft && document.readyState === 'complete'"
    assert wait_until(lambda: bool(browser.execute_script(arrived)), _SECONDS), "the button led nowhere"
    return meant


def status(browser: Chrome) -> int:
    """Return with which status the page was answered."""
    return int(browser.execute_script(_STATUS))


def complaints(browser: Chrome) -> list[Any]:
    """Return what the console says of the page: a policy that was broken, a file that is not there."""
    return [entry["message"] for entry in browser.get_log("browser")]


def sticking_out(browser: Chrome) -> list[str]:
    """Return what of the page lies to the right of the screen."""
    return list(browser.execute_script(_STICKING_OUT))
