"""An event whose handling kills the process comes to an end, and takes no other with it."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.database.engine import Database
from shared.messaging import retry
from shared.messaging.tables import inbox, underway
from tests.architecture.tree import ROOT
from tests.unit.messaging.killing import EVENTS, KILLER
from tests.unit.messaging.rig import Crash, Rig, effects, sample


def test_a_killer_of_its_process_ends_on_the_desk(tmp_path: Path, database_url: str) -> None:
    """The process is really killed, each time by the same event: first in a batch, then alone, three times, and no more."""
    command = [sys.executable, "-m", "tests.unit.messaging.killing", str(tmp_path), database_url]
    ends: list[int] = []
    while not ends or (ends[-1] == -signal.SIGKILL and len(ends) < 10):
        ends.append(subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False).returncode)
    assert ends == [-signal.SIGKILL] * 4 + [0]
    with closing(Database(database_url, "victim")) as database, database.reading() as connection:
        found = connection.execute(
            sa.select(inbox.c.key, inbox.c.state, inbox.c.attempts, inbox.c.error).where(inbox.c.state != "done")
        )
        (dead,) = found.all()
        handled = sorted(connection.scalars(sa.select(effects.c.event)))
    assert (dead.key, dead.state, dead.attempts) == (sample(KILLER, site=KILLER).key, "dead", 3)
    assert "a process died while it handled this event" in dead.error
    assert handled == sorted(f"SAMPLE-{number}" for number in range(EVENTS) if number != KILLER)


def test_those_that_were_with_it_are_charged_with_nothing(rig: Rig) -> None:
    """They are taken alone and succeed at their first attempt; the order of a subject holds."""
    events = [sample(1, site=1), sample(2, site=2), sample(3, site=2), sample(4, site=1)]
    rig.fail(1, Crash())
    with pytest.raises(Crash):
        rig.deliver(*events)
    rig.inbox = rig.new_inbox()
    with pytest.raises(Crash):
        rig.deliver(*events)
    assert {number: (row.state, row.attempts) for number, row in rig.rows().items()} == {
        1: ("retry", 1),
        2: ("retry", 0),
        3: ("retry", 0),
        4: ("retry", 0),
    }
    rig.inbox = rig.new_inbox()
    rig.deliver(*events)
    rig.inbox.retry_due()
    assert rig.effects() == [2, 3]
    for _ in range(rig.room.settings.max_attempts - 1):
        rig.wall.advance(retry.LEASE.total_seconds())
        with pytest.raises(Crash):
            rig.new_inbox().retry_due()
    rig.wall.advance(retry.LEASE.total_seconds())
    rig.inbox.retry_due()  # it has no attempt left, and dies
    rig.inbox.retry_due()  # what waited behind it goes on
    assert {number: row.state for number, row in rig.rows().items()} == {1: "dead"}
    assert rig.effects() == [2, 3, 4]


def test_notes_are_kept_only_as_long_as_they_say_something(rig: Rig) -> None:
    """A batch that ends, however it ends, leaves none; and a process that has run for a while takes none."""
    seen: list[int] = []

    def count() -> None:
        with rig.room.reading() as connection:
            seen.append(connection.scalar(sa.select(sa.func.count()).select_from(underway)) or 0)

    rig.fail(1, ValueError("fault"))
    for number in range(2):
        rig.deliver(sample(number, site=number))
        count()
    assert seen == [0, 0]
    many = [sample(number, site=number) for number in range(2, 4 * rig.room.settings.batch_size)]
    rig.deliver(*many)
    rig.fail(9_999, Crash())
    with pytest.raises(Crash):
        rig.deliver(sample(9_999, site=9_999))
    count()
    assert seen[-1] == 0
