"""The pages in a real browser: what officials see is what the figures are, and the button does what it says.

All in one file, so that one process runs them on one installation and in one browser.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.chromium import TELEPHONE, complaints, press, status, sticking_out, visit, widen
from tests.browser.installation import Installation

pytestmark = pytest.mark.server("browser")

LANGUAGES = ("vi", "en")
TITLES = {"vi": "Vi phạm theo tháng", "en": "Violations by month"}

_LINKS = """
    return [...document.querySelectorAll("a[href]")].map(one => one.getAttribute("href"))
"""
_HEADLINES = """
    return [...document.querySelectorAll(".headlines .figure")].map(one => [one.href, one.textContent])
"""
_CHARTS = """
    return [...document.querySelectorAll(".bars")].map(chart => ({
        by: chart.getAttribute("aria-labelledby").replace(/^by_/, ""),
        width: chart.querySelector("svg").getBoundingClientRect().width,
        letters: Math.min(...[...chart.querySelectorAll("span")].map(one => one.getBoundingClientRect().height)),
        bars: [...chart.querySelectorAll("a")].map(bar => ({
            link: bar.getAttribute("href"),
            words: bar.getAttribute("aria-label"),
            number: bar.querySelector(".number").textContent,
            length: bar.querySelector(".value").getBoundingClientRect().width,
        })),
    }))
"""


def value(text: str) -> int:
    """Return a whole number as it was before its thousands were set apart."""
    return int(re.sub(r"[.,\s]", "", text))


def numbers_of(words: str) -> list[int]:
    """Return the numbers in a sentence."""
    return [value(number) for number in re.findall(r"\d[\d.,]*", words)]


def key_of(by: str, link: str) -> str:
    """Return which row of a report a link leads into."""
    asked = parse_qs(urlsplit(link).query, keep_blank_values=True)
    return asked["from"][0][:7] if by == "month" else asked[by][0]


def kind_of(link: str) -> tuple[str, ...]:
    """Return what tells one kind of page from another: its path after the report's name, and what is asked for."""
    parts = urlsplit(link)
    return (*parts.path.split("/")[4:], *sorted(parse_qs(parts.query, keep_blank_values=True)))


def rows_of(installation: Installation, by: str) -> dict[str, list[int]]:
    """Return a report of violations, this period beside the year before."""
    report = installation.read(f"/v1/reports/violations?by={by}")
    return {row["key"]: [row["value"], row["previous"]] for row in report["rows"]}


def look(browser: Chrome, installation: Installation, language: str) -> tuple[Any, Any, Any]:
    """Return the overview's headlines and charts, and the totals at a moment when nothing moved them."""
    for _ in range(20):
        before = installation.read("/v1/reports")
        visit(browser, f"{installation.url}/?lang={language}")
        if installation.read("/v1/reports") == before:
            return browser.execute_script(_HEADLINES), browser.execute_script(_CHARTS), before
    raise AssertionError("the figures never rest")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_shows_the_figures_of_the_reports(browser: Chrome, installation: Installation, language: str) -> None:
    """Headlines and bars bear the numbers that the reports give, and a bar is the longer the more there is to it."""
    headlines, charts, reports = look(browser, installation, language)
    assert TITLES[language] in browser.find_element(By.TAG_NAME, "main").text
    totals = {one["name"]: one["value"] for one in reports["totals"]}
    shown = {urlsplit(link).path.split("/")[3]: value(text) for link, text in headlines}
    assert len(shown) == 8
    assert shown == {name: totals[name] for name in shown}
    assert [chart["by"] for chart in charts] == ["month", "province", "product_group"]
    for chart in charts:
        assert chart["width"] > 200
        drawn = {key_of(chart["by"], bar["link"]): numbers_of(bar["words"].rpartition(":")[2]) for bar in chart["bars"]}
        assert drawn == rows_of(installation, chart["by"])
        assert sum(value(bar["number"]) for bar in chart["bars"]) == totals["violations"]
        by_number = sorted((value(bar["number"]), bar["length"]) for bar in chart["bars"])
        assert [length for _, length in by_number] == sorted(bar["length"] for bar in chart["bars"])
        assert all(length > 0 for number, length in by_number if number)


def test_a_bar_leads_to_the_events_that_make_its_number(browser: Chrome, installation: Installation) -> None:
    """Whoever doubts a number clicks on its bar and counts."""
    _, charts, _ = look(browser, installation, "vi")
    for chart in charts:
        bar = max(chart["bars"], key=lambda one: one["length"])
        visit(browser, f"{installation.url}{bar['link']}")
        amounts = browser.find_elements(By.CSS_SELECTOR, "tbody td.number")
        assert sum(value(one.text) for one in amounts) == value(bar["number"])


def test_every_link_leads_to_something(browser: Chrome, installation: Installation) -> None:
    """Each is answered and not empty; a page of every kind opens without a complaint and fits a telephone."""
    links: set[str] = set()
    for language in LANGUAGES:
        visit(browser, f"{installation.url}/?lang={language}")
        links.update(browser.execute_script(_LINKS))
    links.remove("#content")
    assert len(links) > 200
    for link in sorted(links):
        answered, content = installation.answer(link)
        assert (answered, bool(content.strip())) == (200, True), link
    widen(browser, TELEPHONE)
    for link in {kind_of(link): link for link in sorted(links) if "format=html" in link}.values():
        visit(browser, installation.url + link)
        assert browser.find_element(By.TAG_NAME, "h1").text
        assert sticking_out(browser) == [], link


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_fits_a_telephone(browser: Chrome, installation: Installation, language: str) -> None:
    """Nothing lies to the right of a screen 390 pixels wide, and the words of the charts do not shrink with it."""
    widen(browser, TELEPHONE)
    _, charts, _ = look(browser, installation, language)
    assert sticking_out(browser) == []
    assert all(chart["letters"] > 12 for chart in charts)


def test_the_button_of_a_letter(browser: Chrome, installation: Installation) -> None:
    """It acknowledges once; pressed again on a page that was opened before, it changes nothing."""
    notice = installation.unread_notice()
    page = f"{installation.url}/v1/notices/{notice}/acknowledgement"
    visit(browser, page)
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    try:
        visit(browser, page)
        pressed = press(browser)
        read = installation.acknowledged(notice)
        assert [one["recipient"] for one in read] == [pressed]
        assert "Đã xác nhận" in browser.find_element(By.TAG_NAME, "main").text
        assert complaints(browser) == []
        widen(browser, TELEPHONE)
        assert sticking_out(browser) == []
    finally:
        browser.close()
        browser.switch_to.window(first)
    assert press(browser) == pressed
    assert (status(browser), installation.acknowledged(notice)) == (200, read)


def test_no_page_of_others_presses_it(browser: Chrome, installation: Installation, tmp_path: Path) -> None:
    """A form on a foreign page is sent with the password that the browser knows, and is refused all the same."""
    notice = installation.unread_notice()
    target = f"{installation.url}/v1/notices/{notice}/acknowledgement"
    form = f'<form method="post" action="{target}"><button name="recipient" value="tbt_office">Win</button></form>'
    (tmp_path / "prize.html").write_text(f"<!DOCTYPE html>{form}", encoding="utf-8")
    with served(tmp_path) as elsewhere:
        visit(browser, target)
        browser.get(f"{elsewhere}/prize.html")
        press(browser)
        assert browser.current_url == target
        assert status(browser) in {401, 403}
    assert installation.acknowledged(notice) == []


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder under another name, as another site does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://localhost:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()
