"""The dead-letter desk over HTTP: people with tokens look, rehearse, replay, and edit with four eyes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.partners import SampleTested
from tests.e2e.shell import chuan, running
from tests.servers.processes import wait_until

# Each one's token is the word before the colon.
_PEOPLE = {
    "first": ("mẫu operator 1", "operator"),
    "second": ("mẫu operator 2", "operator"),
    "clerk": ("mẫu officer", "officer"),
    "sender": ("mẫu laboratory", "publisher"),
}
_LETTER = "5a" * 16


class Desk:
    """One installation's desk, as a person with a token sees it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, body: Any = None, who: str = "first") -> tuple[int, Any]:
        """Return the status and the document."""
        data = None if body is None else json.dumps(body).encode()
        url = f"{self.url}/v1/dead-letters/inspection{path}" if path[:3] != "/v1" else f"{self.url}{path}"
        request = urllib.request.Request(  # noqa: S310 - our own address
            url, data=data, headers={"Authorization": f"Bearer {who}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An installation whose inspection service once gave an event up."""
    tokens = tmp_path / "tokens.json"
    holders = {
        hashlib.sha256(token.encode()).hexdigest(): {"name": name, "roles": [role]} for token, (name, role) in _PEOPLE.items()
    }
    tokens.write_text(json.dumps(holders), encoding="utf-8")
    data = tmp_path / "data"
    assert chuan("migrate", "--data", data).returncode == 0
    _give_up(data / "inspection.db")
    with running(data, CHUAN_TOKENS_FILE=str(tokens)) as url:
        yield Desk(url)


def _event() -> Event[Any]:
    data = SampleTested.sample()
    return Event(id="SAMPLE-1", source="/sample/lab", type=data.type, subject=data.order_key(), time=data.observed_at, data=data)


def _give_up(file: Path) -> None:
    event = _event()
    with sqlite3.connect(file) as database:
        columns = "(key, state, fingerprint, received_at, position, type, subject, body, attempts, error, handler)"
        values = (event.key, "dead", 0, 0, 1, event.type, event.subject, encode(event).decode(), 6, "ValueError: old fault", "")
        database.execute(f"insert into inbox {columns} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def test_a_letter_is_looked_at_rehearsed_edited_by_two_and_handled(desk: Desk) -> None:
    """Each step as two operators take it, and the trail of it at the end."""
    key = _event().key
    (group,) = desk.ask("")[1]
    assert (group["cause"], group["example"], group["count"]) == ("ValueError: old fault", key, 1)
    (told,) = desk.ask("/rehearsals", {"id": key})[1]
    assert told["error"] == ""
    assert "inspection.violation_detected" in {one["type"] for one in told["emits"]}
    assert desk.ask(f"/letters/{key}/notes", {"why": "asked the laboratory"})[0] == 200
    body = encode(_event()).decode().replace('"laboratory":"', '"laboratory":"Corrected ')
    status, proposed = desk.ask(f"/letters/{key}/edits", {"body": body, "why": "wrong name"})
    assert status == 200, proposed
    assert proposed["rehearsed"]["error"] == ""
    approval = f"/edits/{proposed['edit']['id']}/approval"
    status, refused = desk.ask(approval, {})
    assert (status, "another person" in refused["detail"]) == (409, True)
    assert desk.ask(approval, {}, who="second")[0] == 200
    assert wait_until(lambda: desk.ask("")[1] == [], seconds=20)
    trail = desk.ask("/acts")[1]
    assert trail["first_broken"] == 0
    assert [(one["actor"], one["act"]) for one in trail["acts"]] == [
        ("mẫu operator 1", "rehearsed"),
        ("mẫu operator 1", "noted"),
        ("mẫu operator 1", "edit_proposed"),
        ("mẫu operator 2", "edit_approved"),
    ]


def test_replay_drop_and_what_is_refused(desk: Desk) -> None:
    """Operators only; a selection is said in one way; a drop needs a reason; an unknown letter and service are told."""
    key = _event().key
    assert desk.ask("", who="clerk")[0] == 403
    assert desk.ask("", who="nobody")[0] == 401
    assert desk.ask("/replays", {"id": key, "all": True})[0] == 422
    assert desk.ask("/replays", {"id": key, "rate": 0})[0] == 422
    assert desk.ask("/drops", {"id": key, "why": ""})[0] == 422
    assert desk.ask(f"/letters/{_LETTER}")[0] == 404
    (letter,) = desk.ask("/letters")[1]
    assert letter["body"] == encode(_event()).decode()
    assert desk.ask("/drops", {"cause": "ValueError: another", "why": "test"})[1] == {"dropped": 0}
    assert desk.ask("/replays", {"cause": "ValueError: old", "why": "fixed"})[1]["events"] == 1
    assert wait_until(lambda: desk.ask("")[1] == [], seconds=20)


def test_an_outsider_cannot_say_that_an_event_was_edited(desk: Desk) -> None:
    """Only the desk does; the same event without the word is taken in."""
    event = json.loads(encode(_event()))
    status, refused = desk.ask("/v1/events", {**event, "edited": _LETTER}, who="sender")
    assert (status, refused["pointer"]) == (422, "/edited")
    assert desk.ask("/v1/events", event, who="sender")[0] == 202
