"""Every event has its effect once, whatever arrives, fails or dies around it."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from shared.contracts.codec import encode
from shared.contracts.partners import Fuel
from shared.contracts.vocabulary import Measurement
from shared.kernel.errors import DependencyDown, Reason, Refused
from tests.unit.messaging.rig import Crash, Rig, sample

FAULT = ValueError("fault")


def test_a_batch_is_one_call_in_order_of_arrival(rig: Rig) -> None:
    """Handlers see the whole batch at once, and what they announce goes out in that order."""
    rig.deliver(sample(2), sample(1), sample(3))
    assert rig.calls == [["SAMPLE-2", "SAMPLE-1", "SAMPLE-3"]]
    assert rig.effects() == [2, 1, 3]
    assert rig.announced() == ["SAMPLE-2", "SAMPLE-1", "SAMPLE-3"]
    assert rig.rows() == {}


def test_repeated_events_have_their_effect_once(rig: Rig) -> None:
    """In one batch, in the next, among new ones: only what is new is handled."""
    rig.deliver(sample(1), sample(1), sample(2))
    rig.deliver(sample(2), sample(3), sample(1))
    rig.deliver(sample(3))
    assert rig.effects() == [1, 2, 3]
    assert rig.unreadable() == []


def test_the_same_content_in_other_words_is_the_same_event(rig: Rig) -> None:
    """Order of names and white space are no content."""
    document = json.loads(encode(sample(1)))
    rig.deliver(sample(1))
    rig.deliver(json.dumps(dict(reversed(document.items())), indent=2).encode())
    assert rig.effects() == [1]
    assert rig.unreadable() == []


def test_another_content_under_a_known_id_is_kept_for_a_person(rig: Rig) -> None:
    """The first stands; whoever sends two truths under one id hears of it, once for each other content."""
    other = Fuel(level=4, results=[Measurement(parameter="sulfur", value=Decimal(63), unit="mg/kg")])
    changed = sample(1, finding=other)
    rig.deliver(sample(1), changed)
    rig.deliver(changed, sample(1))
    assert rig.effects() == [1]
    (kept,) = rig.unreadable()
    assert (kept.reason, kept.body) == (Reason.SAME_ID_OTHER_CONTENT, encode(changed))


def test_what_cannot_be_read_is_kept_and_stops_nobody(rig: Rig) -> None:
    """Raw bytes, reason and origin go to quarantine; the same bytes twice are one item."""
    newer = json.dumps({**json.loads(encode(sample(9))), "dataversion": 99}).encode()
    rig.deliver(b"\xff\x00", sample(1), b"\xff\x00", newer, b"x" * 300_000, sample(2))
    rig.deliver(b"\xff\x00")
    assert rig.effects() == [1, 2]
    assert [(item.reason, item.body) for item in rig.unreadable()] == [
        (Reason.NEWER_VERSION, newer),
        (Reason.NOT_JSON, b"\xff\x00"),
        (Reason.TOO_LARGE, b"x" * 300_000),
    ]
    assert {item.origin for item in rig.unreadable()} == {"queue rig"}


def test_an_event_from_a_year_to_come_is_kept_aside(rig: Rig) -> None:
    """A partner may publish past the edge, straight to the broker: its wrong clock must start no statutory one."""
    last = rig.room.wall() + timedelta(days=366)
    future = msgspec.structs.replace(sample(2), time=last + timedelta(seconds=1))
    rig.deliver(sample(1), future, msgspec.structs.replace(sample(3), time=last))
    assert rig.effects() == [1, 3]
    (kept,) = rig.unreadable()
    assert (kept.reason, kept.body) == (Reason.INVALID_DATA, encode(future))


def test_a_bad_event_does_not_take_the_others_with_it(rig: Rig) -> None:
    """The batch is rolled back and each event tried alone; only the bad one waits, and nothing of it is stored."""
    rig.fail(2, FAULT)
    rig.deliver(sample(1, site=1), sample(2, site=2), sample(3, site=3))
    assert rig.calls == [["SAMPLE-1", "SAMPLE-2", "SAMPLE-3"], ["SAMPLE-1"], ["SAMPLE-2"], ["SAMPLE-3"]]
    assert rig.effects() == [1, 3]
    assert rig.announced() == ["SAMPLE-1", "SAMPLE-3"]
    ((number, row),) = rig.rows().items()
    assert (number, row.state, row.attempts, row.error) == (2, "retry", 1, "ValueError: fault")
    assert row.body == encode(sample(2, site=2)).decode()


def test_an_error_text_no_database_can_store_is_stored_anyway(rig: Rig) -> None:
    """A failure must be recorded whatever its text is, or it would stop the queue."""
    rig.fail(1, ValueError("NUL \0 and half a pair \ud800 " + "x" * 5000))
    rig.deliver(sample(1))
    assert rig.rows()[1].error.startswith("ValueError: NUL \\0 and half a pair \\ud800 x")
    assert len(rig.rows()[1].error) < 2100


def test_a_missing_dependency_is_nobodys_fault(rig: Rig) -> None:
    """Nothing is stored and no attempt spent: the batch comes again as it was."""
    rig.fail(2, DependencyDown("mail"), None)
    with pytest.raises(DependencyDown):
        rig.deliver(sample(1), sample(2), sample(3))
    assert rig.effects() == []
    assert rig.rows() == {}
    rig.deliver(sample(1), sample(2), sample(3))
    assert rig.effects() == [1, 2, 3]


def test_a_dependency_lost_between_events_repeats_none_of_them(rig: Rig) -> None:
    """Those that were done alone before it was lost are known when the batch comes again."""
    rig.fail(1, FAULT)
    rig.fail(3, FAULT, DependencyDown("database"), None)
    batch = [sample(number, site=number) for number in (1, 2, 3)]
    rig.fail(1, FAULT, None)
    with pytest.raises(DependencyDown):
        rig.fail(3, DependencyDown("database"), None)
        rig.deliver(*batch)
    rig.deliver(*batch)
    assert rig.effects() == [1, 2, 3]


def test_a_crash_before_the_commit_leaves_nothing(rig: Rig) -> None:
    """The broker gives the batch to the next process, which does it all."""
    rig.fail(2, Crash(), None)
    with pytest.raises(Crash):
        rig.deliver(sample(1), sample(2))
    assert rig.effects() == []
    assert rig.announced() == []
    rig.inbox = rig.new_inbox()
    rig.deliver(sample(1), sample(2))
    assert rig.effects() == [1, 2]


def test_a_crash_after_the_commit_repeats_nothing(rig: Rig) -> None:
    """The broker was not told, so the batch comes again, and is known."""
    rig.deliver(sample(1), sample(2))
    rig.inbox = rig.new_inbox()
    rig.deliver(sample(1), sample(2), sample(3))
    assert rig.effects() == [1, 2, 3]
    assert rig.announced() == ["SAMPLE-1", "SAMPLE-2", "SAMPLE-3"]


def test_a_handler_may_refuse_an_event(rig: Rig) -> None:
    """What is refused will not get better: it goes to a person at once."""
    rig.fail(1, Refused(Reason.INVALID_DATA, "no such site"))
    rig.deliver(sample(1))
    assert (rig.rows()[1].state, rig.rows()[1].due_at) == ("dead", None)
