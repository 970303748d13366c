"""The link of a letter: opening it changes nothing, its button acknowledges, and no page of others can press it."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlencode

import pytest

from shared.contracts.partners import SampleTested
from tests.e2e.shell import figures, running

TOKEN = "sample-token"  # noqa: S105 - of this test alone
PASSWORD = {"Authorization": "Basic " + base64.b64encode(f"officer:{TOKEN}".encode()).decode()}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation with tokens."""
    folder = tmp_path_factory.mktemp("data")
    tokens = {hashlib.sha256(TOKEN.encode()).hexdigest(): {"name": "officer", "roles": ["officer", "publisher"]}}
    file = folder / "tokens.json"
    file.write_text(json.dumps(tokens), encoding="utf-8")
    with running(folder / "data", CHUAN_TOKENS_FILE=str(file)) as found:
        yield found


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def answered(address: str, body: bytes | None = None, method: str | None = None, **headers: str) -> tuple[int, HTTPResponse, str]:
    """Return the status, the answer and its text."""
    request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310 - our own address
    try:
        answer = urllib.request.build_opener(_NoRedirects).open(request, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, answer, answer.read().decode()


def first_notice(url: str) -> str:
    """Publish a sample that does not conform, and return the id of the notice about it."""
    event = json.dumps(figures("events", SampleTested.type)["sample"]).encode()
    bearer = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/cloudevents+json"}
    assert answered(f"{url}/v1/events", event, **bearer)[0] == 202
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if notices := json.loads(answered(f"{url}/v1/notices", **PASSWORD)[2])["notices"]:
            return str(notices[0]["notice_id"])
    raise AssertionError("no notice came")


def test_the_link_of_a_letter(url: str) -> None:
    """A scanner that opens it acknowledges nothing; an officer presses the button, and the page then says who has read it."""
    notice = f"{url}/v1/notices/{first_notice(url)}"
    link = f"{notice}/acknowledgement"
    assert answered(link)[0] == 401
    for method in ("GET", "HEAD"):
        status, answer, page = answered(link, method=method, **PASSWORD)
        assert (status, answer.headers["Referrer-Policy"]) == (200, "same-origin")
    page = answered(link, **PASSWORD)[2]
    assert json.loads(answered(notice, **PASSWORD)[2])["acknowledgements"] == []
    assert page.count("<button") == 3
    assert "Văn phòng TBT" in page
    pressed = urlencode({"recipient": "tbt_office"}).encode()
    form = {**PASSWORD, "Content-Type": "application/x-www-form-urlencoded"}
    assert answered(link, pressed, **form)[0] == 401
    assert answered(link, pressed, **form, Origin="https://elsewhere.example")[0] == 401
    assert json.loads(answered(notice, **PASSWORD)[2])["acknowledgements"] == []
    status, answer, _ = answered(link, pressed, **form, Origin=url)
    assert (status, f"{url}{answer.headers['Location']}") == (303, link)
    page = answered(link, **PASSWORD)[2]
    assert page.count("<button") == 2
    assert "Đã xác nhận" in page
    [read] = json.loads(answered(notice, **PASSWORD)[2])["acknowledgements"]
    assert read["recipient"] == "tbt_office"
