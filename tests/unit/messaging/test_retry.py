"""A failed event is tried again on a ladder, in the order of its subject, by one process at a time, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from shared.kernel.errors import DependencyDown, Permanent
from shared.messaging import retry
from shared.messaging.tables import inbox
from tests.unit.messaging.rig import Crash, Rig, sample

FAULT = ValueError("fault")


def test_attempts_follow_the_ladder_and_end(rig: Rig) -> None:
    """1 s, 5 s, 30 s, 2 min, 10 min after a failure, not a moment earlier; after six attempts a person is asked."""
    rig.fail(1, FAULT)
    rig.deliver(sample(1))
    for attempts, delay in enumerate((1, 5, 30, 120, 600), 1):
        row = rig.rows()[1]
        assert (row.state, row.attempts, row.due_at) == ("retry", attempts, rig.wall.now + timedelta(seconds=delay))
        rig.wall.advance(delay - 0.001)
        assert rig.inbox.retry_due() == 0
        rig.wall.advance(0.001)
        assert rig.inbox.retry_due() == 1
    assert (rig.rows()[1].state, rig.rows()[1].attempts) == ("dead", 6)
    rig.wall.advance(10**6)
    assert rig.inbox.retry_due() == 0
    assert rig.effects() == []


def test_an_event_that_recovers_has_its_effect_once(rig: Rig) -> None:
    """Afterwards it is done like any other, and its body is not kept."""
    rig.fail(1, FAULT, FAULT, None)
    rig.deliver(sample(1))
    rig.wall.advance(1)
    assert rig.inbox.retry_due() == 1
    rig.deliver(sample(1))
    assert rig.effects() == [1]
    assert rig.announced() == ["SAMPLE-1"]
    with rig.room.reading() as connection:
        row = connection.execute(sa.select(inbox)).one()
    assert (row.state, row.body, row.error, row.due_at) == ("done", None, None, None)


def test_a_permanent_error_is_not_tried_again(rig: Rig) -> None:
    """The handler knows that it cannot help; on a retry as well as at first."""
    rig.fail(1, Permanent("unknown channel"))
    rig.fail(2, FAULT, Permanent("unknown channel"))
    rig.deliver(sample(1, site=1), sample(2, site=2))
    rig.wall.advance(1)
    rig.inbox.retry_due()
    assert {number: (row.state, row.attempts) for number, row in rig.rows().items()} == {1: ("dead", 1), 2: ("dead", 2)}


def test_later_events_of_a_subject_wait_for_the_failed_one(rig: Rig) -> None:
    """Other subjects go on; when the first recovers all follow in their order, within one look."""
    rig.fail(1, FAULT, FAULT, None)
    rig.deliver(sample(1, site=1), sample(2, site=2), sample(3, site=1))
    rig.deliver(sample(4, site=1), sample(5, site=2))
    assert rig.effects() == [2, 5]
    assert {number: row.attempts for number, row in rig.rows().items()} == {1: 1, 3: 0, 4: 0}
    rig.wall.advance(1)
    assert rig.inbox.retry_due() == 3
    assert rig.effects() == [2, 5, 1, 3, 4]


def test_while_the_first_fails_the_others_spend_nothing(rig: Rig) -> None:
    """They are innocent: their attempts begin when their turn comes, and it comes even when the first has died."""
    rig.fail(1, FAULT)
    rig.deliver(sample(1, site=1))
    rig.deliver(sample(2, site=1))
    for delay in (1, 5, 30, 120):
        rig.wall.advance(delay)
        assert rig.inbox.retry_due() == 1
        assert rig.rows()[2].attempts == 0
    rig.wall.advance(600)
    rig.inbox.retry_due()
    assert rig.rows().keys() == {1}
    assert rig.effects() == [2]


def test_a_dead_event_holds_nobody_back(rig: Rig) -> None:
    """A person may take days; the site's later events do not wait that long."""
    rig.fail(1, Permanent("no rule"))
    rig.deliver(sample(1, site=1))
    rig.deliver(sample(2, site=1))
    assert rig.effects() == [2]


def test_a_missing_dependency_spends_no_attempt_of_a_retry(rig: Rig) -> None:
    """Neither of the one at hand nor of those that would have been next; it is due at once when the dependency is back."""
    rig.fail(1, FAULT, FAULT, DependencyDown("mail"), None)
    rig.fail(2, FAULT, None)
    rig.deliver(sample(1, site=1), sample(2, site=2))
    rig.wall.advance(1)
    with pytest.raises(DependencyDown):
        rig.inbox.retry_due()
    assert {number: row.attempts for number, row in rig.rows().items()} == {1: 1, 2: 1}
    assert rig.inbox.retry_due() == 2
    assert rig.effects() == [1, 2]


def test_what_kills_its_process_ends_like_any_other_failure(rig: Rig) -> None:
    """A crash is an attempt, counted when it begins; the others that were due are not charged with it."""
    rig.fail(1, FAULT, FAULT, Crash())
    rig.fail(2, FAULT, None)
    rig.deliver(sample(1, site=1), sample(2, site=2))
    rig.wall.advance(1)
    for attempts in range(2, 7):
        with pytest.raises(Crash):
            rig.new_inbox().retry_due()
        assert rig.rows()[1].attempts == attempts
        assert rig.rows()[2].attempts == 1
        rig.wall.advance(retry.LEASE.total_seconds())
    assert rig.new_inbox().retry_due() == 1
    assert rig.rows().keys() == {1}
    assert (rig.rows()[1].state, rig.rows()[1].error) == ("dead", "the process died while handling it; before: ValueError: fault")
    assert rig.effects() == [2]


def test_an_attempt_belongs_to_one_process(rig: Rig) -> None:
    """While it is leased no other copy takes it; when its lease has run out one does, and the first comes too late."""
    rig.fail(1, FAULT, FAULT, None)
    rig.deliver(sample(1))
    rig.wall.advance(1)
    (row,) = retry.due(rig.room, 10)
    assert retry.claim(rig.room, row)
    assert not retry.claim(rig.room, row)
    copy = rig.new_inbox()
    assert copy.retry_due() == 0
    rig.wall.advance(retry.LEASE.total_seconds())
    assert copy.retry_due() == 1
    assert rig.effects() == [1]
    rig.inbox._try_again(row)
    retry.give_back(rig.room, row)
    assert rig.effects() == [1]
    assert rig.rows() == {}


def test_a_failure_that_comes_too_late_changes_nothing(rig: Rig) -> None:
    """A process that stood still past its lease must not overwrite what its successor stored."""
    rig.fail(1, FAULT)
    rig.deliver(sample(1))
    rig.wall.advance(1)
    (row,) = retry.due(rig.room, 10)
    assert retry.claim(rig.room, row)
    rig.wall.advance(retry.LEASE.total_seconds())
    assert rig.new_inbox().retry_due() == 1
    stored = rig.rows()[1]
    rig.inbox._try_again(row)
    retry.give_back(rig.room, row)
    assert rig.rows()[1] == stored
    assert stored.attempts == 3


def test_what_can_no_longer_be_read_dies_alone(rig: Rig) -> None:
    """A contract may have changed since the event was stored; that stops neither its subject nor the loop."""
    rig.fail(1, FAULT)
    rig.deliver(sample(1, site=1), sample(2, site=1))
    with rig.room.database.writing() as connection:
        gone = rig.rows()[1].body.replace("lab.sample_tested", "lab.sample_lost")
        connection.execute(inbox.update().where(inbox.c.key == sample(1).key).values(body=gone))
    rig.heal()
    rig.wall.advance(1)
    assert rig.inbox.retry_due() == 2
    assert rig.effects() == [2]
    assert rig.rows()[1].state == "dead"


def test_one_look_is_bounded(rig: Rig) -> None:
    """However many are due, new events get their turn in between."""
    rig.fail(0, FAULT, FAULT, None)
    rig.fail(1, FAULT, None)
    rig.deliver(*(sample(number, site=number % 2) for number in range(8)))
    rig.wall.advance(1)
    assert rig.inbox.retry_due(limit=5) == 5
    assert rig.inbox.retry_due(limit=5) == 3
    assert sorted(rig.effects()) == list(range(8))
