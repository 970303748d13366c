"""Whatever a receiver does to keep us: its letter waits, and holds up no other."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from services.notification import dispatch
from services.notification.contacts import Contacts
from services.notification.desk import Desk
from services.notification.dispatch import Dispatcher
from services.notification.model import Letter
from shared.room import Room
from tests.unit.notification.made_up import Post, issue, rows


def test_a_letter_that_takes_for_ever_holds_up_no_other(
    room: Room, desk: Desk, contacts: Contacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as an attempt, like one that was not accepted."""
    monkeypatch.setattr(dispatch, "_ONE_LETTER", timedelta(seconds=0.1))
    issue(room, desk)
    unlucky = rows(room)[0].delivery_id

    def rule(letter: Letter) -> str:
        if letter.delivery_id == unlucky:
            threading.Event().wait()
        return "250 OK"

    post = Post()
    post.rule = rule
    Dispatcher(room, {"email": post}, contacts).run_round("email")
    assert [(row.state, row.attempts) for row in rows(room)] == [("waiting", 1), ("delivered", 1), ("delivered", 1)]
    assert rows(room)[0].answer == "not done after 0.1 s"
