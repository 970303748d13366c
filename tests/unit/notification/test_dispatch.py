"""Deliveries: each announced once, retried up the ladder, and never held up by a server that is away."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from services.notification import handlers
from services.notification.channels import AddressGone, Deferred, Refused, ServerAway
from services.notification.contacts import Contacts
from services.notification.deliveries import claim, is_any_due
from services.notification.desk import Desk
from services.notification.dispatch import LEASE, ROUND, Dispatcher
from services.notification.model import LADDER, Letter
from shared.contracts.inspection import ViolationDetected
from shared.contracts.notification import NoticeFailed
from shared.kernel.clock import EventClock
from shared.room import Room
from tests.explaining import explained
from tests.unit.notification.made_up import MORNING, Post, Wall, all_at, event_of, issue, raising, rows, told


@pytest.fixture
def post() -> Post:
    """Give a channel that delivers."""
    return Post()


@pytest.fixture
def dispatcher(room: Room, post: Post, contacts: Contacts) -> Dispatcher:
    """Give a dispatcher with one channel."""
    return Dispatcher(room, {"email": post}, contacts)


def test_what_waits_is_delivered_and_announced(room: Room, desk: Desk, dispatcher: Dispatcher, post: Post) -> None:
    """Each delivery once, with its receipt, as part of the story it belongs to."""
    issue(room, desk)
    assert dispatcher.run_round("email") is True
    assert dispatcher.run_round("email") is False
    assert len(post.delivered) == 3
    assert {(row.state, row.attempts, row.answer, row.lease_until) for row in rows(room)} == {("delivered", 1, "250 OK", None)}
    announced = told(room)
    assert {event.data.delivery_id for event in announced} == set(post.delivered)
    assert {event.data.recipient for event in announced} == {"tbt_office", "sub_department_46", "ministry_of_science"}
    assert {(event.data.receipt, event.data.channel, event.correlationid) for event in announced} == {
        ("250 OK", "email", "story-0")
    }


def test_an_idle_round_writes_nothing(room: Room, desk: Desk, dispatcher: Dispatcher) -> None:
    """A commit would wake the loop again, for ever."""
    issue(room, desk)
    dispatcher.run_round("email")
    commits = threading.Event()
    room.on_commit(commits)
    assert dispatcher.run_round("email") is False
    assert not commits.is_set()


def test_the_legal_time_of_a_delivery_is_not_before_its_notice(
    room: Room, desk: Desk, dispatcher: Dispatcher, clock: EventClock
) -> None:
    """Business time, as everything that is reported; late deliveries are late."""
    event = event_of(ViolationDetected.sample(), 1, time=MORNING + timedelta(hours=5))
    with room.transaction() as uow:
        handlers.react([event], uow, desk)
    dispatcher.run_round("email")
    assert {event.data.observed_at for event in told(room)} == {MORNING + timedelta(hours=5)}
    clock.advance_to(MORNING + timedelta(days=3))
    other = msgspec.structs.replace(ViolationDetected.sample(), violation_id="SAMPLE-VIOLATION-2")
    with room.transaction() as uow:
        handlers.react([event_of(other, 2)], uow, desk)
    clock.advance_to(MORNING + timedelta(days=4))
    dispatcher.run_round("email")
    assert {event.data.observed_at for event in told(room)[3:]} == {MORNING + timedelta(days=4)}


def test_a_round_is_bounded(room: Room, desk: Desk, dispatcher: Dispatcher, post: Post) -> None:
    """Many deliveries per transaction, but never all there are."""
    issue(room, desk, 100)
    assert dispatcher.run_round("email") is True
    assert len(post.delivered) == ROUND < 300
    while dispatcher.run_round("email"):
        pass
    assert len(set(post.delivered)) == len(post.delivered) == 300


def test_others_have_their_turn_after_each_letter(
    room: Room, desk: Desk, dispatcher: Dispatcher, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Green threads switch only where one waits, and a channel that writes files never does."""
    turns: list[int] = []
    monkeypatch.setattr("services.notification.dispatch.time.sleep", lambda _seconds: turns.append(len(post.delivered)))
    issue(room, desk)
    dispatcher.run_round("email")
    assert turns == [1, 2, 3]


def test_a_deferred_letter_climbs_the_ladder_and_then_fails(
    room: Room, desk: Desk, dispatcher: Dispatcher, post: Post, wall: Wall
) -> None:
    """Ten attempts over three days, all under one id, then a person has to act."""
    issue(room, desk)
    post.rule = raising(Deferred("450 busy"))
    waited = timedelta(0)
    for attempt, wait in enumerate((*LADDER[1:], None), start=1):
        assert dispatcher.run_round("email") is True
        assert {(row.state, row.attempts, row.answer) for row in rows(room)} == {
            ("waiting" if wait else "failed", attempt, "450 busy")
        }
        if wait is None:
            break
        wall.now += wait - timedelta(seconds=1)
        assert dispatcher.run_round("email") is False
        wall.now += timedelta(seconds=1)
        waited += wait
    assert timedelta(days=3) < waited < timedelta(days=4)
    assert len(post.seen) == 30
    assert len(set(post.seen)) == 3
    assert [(event.data.attempts, event.data.reason) for event in told(room)] == [(10, "450 busy")] * 3
    wall.let_pass(days=30)
    assert dispatcher.run_round("email") is False


def test_a_refused_letter_fails_at_once(room: Room, desk: Desk, dispatcher: Dispatcher, post: Post) -> None:
    """And only that letter."""
    issue(room, desk)
    unlucky = rows(room)[1].delivery_id

    def rule(letter: Letter) -> str:
        if letter.delivery_id == unlucky:
            raise Refused("recipient: 550 No such user\r\nX: y")
        return "250 OK"

    post.rule = rule
    dispatcher.run_round("email")
    assert [row.state for row in rows(room)] == ["delivered", "failed", "delivered"]
    (failed,) = [event.data for event in told(room) if isinstance(event.data, NoticeFailed)]
    assert (failed.delivery_id, failed.attempts, failed.reason) == (unlucky, 1, "recipient: 550 No such user X: y")


def test_a_fault_of_a_channel_holds_up_no_other_letter(room: Room, desk: Desk, dispatcher: Dispatcher, post: Post) -> None:
    """A letter that breaks our own code waits like one that was not accepted."""
    issue(room, desk)
    unlucky = rows(room)[0].delivery_id

    def rule(letter: Letter) -> str:
        if letter.delivery_id == unlucky:
            raise ZeroDivisionError("made up")
        return "250 OK"

    post.rule = rule
    dispatcher.run_round("email")
    assert [(row.state, row.attempts) for row in rows(room)] == [("waiting", 1), ("delivered", 1), ("delivered", 1)]
    assert rows(room)[0].answer == "ZeroDivisionError: made up"


def test_a_server_that_is_away_costs_no_attempt(room: Room, desk: Desk, dispatcher: Dispatcher, post: Post, wall: Wall) -> None:
    """However long it is away; it is asked less and less often, and the first success ends that."""
    issue(room, desk)
    post.rule = raising(ServerAway("refused"))
    asked = 0
    for _ in range(4 * 60):
        before = len(post.seen)
        assert dispatcher.run_round("email") is False
        asked += len(post.seen) - before
        wall.let_pass(minutes=1)
    assert asked < 4 * 60 / 3
    assert {(row.state, row.attempts, row.lease_until) for row in rows(room)} == {("waiting", 0, None)}
    post.rule = lambda _letter: "250 OK"
    wall.let_pass(minutes=5)
    assert dispatcher.run_round("email") is True
    assert {row.state for row in rows(room)} == {"delivered"}


def test_what_was_sent_before_the_server_went_away_stays_sent(
    room: Room, desk: Desk, dispatcher: Dispatcher, post: Post, wall: Wall
) -> None:
    """Lost in the middle of a round: nothing is sent twice, nothing is lost."""
    issue(room, desk, 10)

    def rule(_letter: Letter) -> str:
        if len(post.seen) > 12:
            raise ServerAway("lost")
        return "250 OK"

    post.rule = rule
    assert dispatcher.run_round("email") is False
    assert sorted((row.state, row.attempts) for row in rows(room)) == [("delivered", 1)] * 12 + [("waiting", 0)] * 18
    post.rule = lambda _letter: "250 OK"
    wall.let_pass(seconds=5)
    dispatcher.run_round("email")
    assert len(post.delivered) == len(set(post.delivered)) == 30


def test_one_dead_channel_does_not_hold_up_another(room: Room, desk: Desk, contacts: Contacts) -> None:
    """Each channel has its own claims and its own pause."""
    both = all_at(contacts, email={}, webhook={})
    issue(room, replace(desk, contacts=both))
    post = Post()
    dispatcher = Dispatcher(room, {"email": Post(raising(ServerAway("refused"))), "webhook": post}, both)
    assert dispatcher.run_round("email") is False
    assert dispatcher.run_round("webhook") is True
    assert sorted((row.channel, row.state) for row in rows(room)) == [("email", "waiting")] * 3 + [("webhook", "delivered")] * 3


def test_an_address_that_is_gone_is_not_used_again_until_it_changes(room: Room, desk: Desk, contacts: Contacts) -> None:
    """410: the next letters fail without a request; a new address is used at once."""
    post = Post(raising(AddressGone("410 Gone")))
    dispatcher = Dispatcher(room, {"email": post}, contacts)
    issue(room, desk)
    dispatcher.run_round("email")
    assert len(post.seen) == 3
    issue(room, desk, 2)
    dispatcher.run_round("email")
    assert len(post.seen) == 3
    assert {row.state for row in rows(room)} == {"failed"}
    assert [event.data.reason for event in told(room)] == ["410 Gone"] * 3 + [
        "not sent: the address answered 410 Gone before"
    ] * 3
    moved = all_at(contacts, email={"address": "new@example.invalid"})
    issue(room, desk, 3)
    Dispatcher(room, {"email": post}, moved).run_round("email")
    assert len(post.seen) == 6


def test_a_recipient_without_an_address_fails_at_once(room: Room, desk: Desk, post: Post) -> None:
    """The contacts were changed after the notice was issued: a person has to act."""
    issue(room, desk)
    Dispatcher(room, {"email": post}, Contacts({})).run_round("email")
    assert post.seen == []
    assert {(row.state, row.attempts) for row in rows(room)} == {("failed", 1)}
    assert {event.data.reason for event in told(room)} == {
        f"the contacts give {role} no address for email" for role in ("tbt_office", "sub_department_46", "ministry_of_science")
    }


def test_a_corrected_address_is_used_by_the_next_attempt(room: Room, desk: Desk, contacts: Contacts, wall: Wall) -> None:
    """Letters that wait need not fail first."""
    issue(room, desk)
    Dispatcher(room, {"email": Post(raising(Deferred("450")))}, contacts).run_round("email")
    addresses: set[str] = set()

    def rule(letter: Letter) -> str:
        addresses.add(letter.recipient.channels["email"]["address"])
        return "250 OK"

    moved = all_at(contacts, email={"address": "new@example.invalid"})
    wall.let_pass(seconds=5)
    Dispatcher(room, {"email": Post(rule)}, moved).run_round("email")
    assert addresses == {"new@example.invalid"}


def test_no_letter_is_begun_late_in_its_lease(room: Room, desk: Desk, dispatcher: Dispatcher, post: Post, wall: Wall) -> None:
    """What a slow server leaves over is given back, so that nobody sends on a lease that has run out."""
    issue(room, desk, 10)

    def rule(_letter: Letter) -> str:
        wall.let_pass(seconds=10)
        return "250 OK"

    post.rule = rule
    assert dispatcher.run_round("email") is True
    assert 0 < len(post.delivered) < 12
    assert sorted({(row.state, row.attempts) for row in rows(room)}) == [("delivered", 1), ("waiting", 0)]


def test_a_process_that_died_while_sending_repeats_under_the_same_id(room: Room, desk: Desk, contacts: Contacts) -> None:
    """On SQLite the next process takes over at once: the attempt counts, the id stays."""
    issue(room, desk)
    post = Post()
    with room.transaction() as uow:
        died = claim(uow.connection, contacts, "email", now=room.wall(), lease=LEASE, limit=ROUND)
    assert Dispatcher(room, {"email": post}, contacts).run_round("email") is True
    assert set(post.delivered) == {one.letter.delivery_id for one in died}
    assert {(row.state, row.attempts) for row in rows(room)} == {("delivered", 2)}
    assert len(told(room)) == 3


def test_the_search_for_due_letters_uses_its_index(room: Room, desk: Desk) -> None:
    """A million delivered letters must not slow down the next one."""
    issue(room, desk, 3)
    with explained() as plans:
        assert is_any_due(room.database, "email", room.wall())
    [(_, plan)] = plans
    assert "deliveries_due" in str(plan)
