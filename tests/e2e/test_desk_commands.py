"""The dead-letter desk at the command line: rehearse, note, edit with two persons' tokens, and the trail of it all."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.partners import SampleTested
from tests.e2e.shell import assert_refused, chuan, figures

PEOPLE = {"first": ("mẫu operator 1", "operator"), "second": ("mẫu operator 2", "operator"), "clerk": ("mẫu officer", "officer")}


def event() -> Event[Any]:
    """The event that was given up."""
    data = SampleTested.sample()
    return Event(id="SAMPLE-1", source="/sample/lab", type=data.type, subject=data.order_key(), time=data.observed_at, data=data)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation at rest whose inspection service gave an event up."""
    assert chuan("migrate", "--data", tmp_path).returncode == 0
    one = event()
    row = (one.key, "dead", 0, 0, 1, one.type, one.subject, encode(one).decode(), 6, "ValueError: old fault", "")
    with sqlite3.connect(tmp_path / "inspection.db") as database:
        columns = "(key, state, fingerprint, received_at, position, type, subject, body, attempts, error, handler)"
        database.execute(f"insert into inbox {columns} values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return tmp_path


@pytest.fixture
def tokens(tmp_path: Path) -> str:
    """The file of those who have tokens."""
    file = tmp_path / "tokens.json"
    holders = {
        hashlib.sha256(token.encode()).hexdigest(): {"name": name, "roles": [role]} for token, (name, role) in PEOPLE.items()
    }
    file.write_text(json.dumps(holders), encoding="utf-8")
    return str(file)


def known_as(token: str, tokens: str) -> dict[str, str]:
    """Return the settings of somebody who has a token."""
    return {"CHUAN_TOKENS_FILE": tokens, "CHUAN_TOKEN": token}


def test_a_dry_run_runs_the_handlers_and_changes_nothing(data: Path) -> None:
    """It tells what would be published; only the trail knows that somebody asked."""
    told = chuan("dead-letters", "replay", "--all", "--dry-run", "--data", data)
    assert (told.returncode, told.stderr) == (0, "")
    assert "would succeed and publish" in told.stdout
    assert "inspection.violation_detected" in told.stdout
    assert told.stdout.endswith("would succeed: 1, would fail: 0 (dry run: nothing was changed)\n")
    assert [one["state"] for one in figures("dead-letters", "list", "--data", data)] == ["dead"]
    (act,) = figures("dead-letters", "acts", "inspection", "--data", data)["acts"]
    assert (act["act"], act["letter"], act["actor"][:3]) == ("rehearsed", event().key, "os:")


def test_an_edit_takes_two_tokens(data: Path, tokens: str) -> None:
    """The machine's user cannot propose, an officer cannot, who proposed cannot approve; a second operator can."""
    file, key = data / "corrected.json", event().key
    file.write_text(encode(event()).decode().replace('"laboratory":"', '"laboratory":"Corrected '), encoding="utf-8")
    propose = ["dead-letters", "edit", key, file, "--reason", "wrong name", "--data", data]
    assert_refused(chuan(*propose), "not known by a token", "CHUAN_TOKEN")
    assert_refused(chuan(*propose, **known_as("clerk", tokens)), "not the token of an operator")
    proposed = chuan(*propose, **known_as("first", tokens))
    assert proposed.returncode == 0, proposed.stderr
    (shown,) = figures("dead-letters", "show", key, "--data", data)
    (edit,) = shown["edits"]
    assert (edit["state"], edit["original"]) == ("proposed", encode(event()).decode())
    approve = ["dead-letters", "approve", edit["id"], "--data", data]
    assert_refused(chuan(*approve, **known_as("first", tokens)), "another person")
    approved = chuan(*approve, **known_as("second", tokens))
    assert approved.stdout == f"edit {edit['id']} of letter {key}: approved by mẫu operator 2\n"
    (shown,) = figures("dead-letters", "show", key, "--data", data)
    assert (shown["state"], json.loads(shown["body"])["edited"]) == ("retry", edit["id"])


def test_notes_and_the_trail_are_printed_and_tampering_is_told(data: Path) -> None:
    """`show` has the note, `acts` the row; a changed row is named, with exit code 1."""
    key = event().key
    assert chuan("dead-letters", "note", key, "asked the laboratory", "--data", data).stdout == "noted\n"
    assert "asked the laboratory" in chuan("dead-letters", "show", key, "--data", data).stdout
    whole = chuan("dead-letters", "acts", "inspection", "--data", data)
    assert (whole.returncode, "the trail is whole" in whole.stdout) == (0, True)
    with sqlite3.connect(data / "inspection.db") as database:
        database.execute("drop trigger desk_acts_kept_update")
        database.execute("update desk_acts set actor = 'somebody else'")
    broken = chuan("dead-letters", "acts", "inspection", "--data", data)
    assert (broken.returncode, broken.stdout.splitlines()[-1]) == (1, "row 1 was changed, moved or removed")


def test_nothing_is_resumed_that_was_not_stopped(data: Path) -> None:
    """Rather than a success that means nothing."""
    resume = ["dead-letters", "resume", "inspection", "--reason", "looked at", "--data", data]
    assert_refused(chuan(*resume), "nothing to resume")
    with sqlite3.connect(data / "inspection.db") as database:
        database.execute("insert into breaker_trips (tripped_at, error, allowance) values (0, 'ValueError: fault', 0)")
    assert chuan(*resume).stdout == "inspection goes on\n"
