"""What is stored is published: in order, by a mark on each row, and again whenever nobody can say that it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from shared.kernel.errors import DependencyDown
from shared.messaging.brokers import Fate, Message, Rejected, Subscription
from shared.messaging.relay import Relay
from shared.messaging.tables import outbox, quarantine
from tests.unit.messaging.rig import Crash, Rig, sample

CONFIRMED, RETURNED, REFUSED, UNKNOWN = Fate.CONFIRMED, Fate.RETURNED, Fate.REFUSED, Fate.UNKNOWN


class ScriptedBroker:
    """Answers each ``publish`` with the next of ``answers`` (an exception is raised), and afterwards confirms everything."""

    def __init__(self) -> None:
        self.sent: list[list[str]] = []
        self.answers: list[Sequence[Fate] | BaseException] = []
        self.opened = self.closed = 0
        self.blocked = False
        self.rejects: set[str] = set()  # ids over which it ends the channel

    def declare(self, queue: str, types: Collection[str], *, partitions: int = 1) -> None:
        """Nothing has to exist."""

    def subscribe(self, queue: str, *, partitions: int = 1, prefetch: int = 1500) -> Subscription:
        raise DependencyDown(f"nobody reads {queue} in {partitions} parts with {prefetch}")

    def publisher(self) -> ScriptedBroker:
        self.opened += 1
        return self

    def publish(self, messages: Sequence[Message], *, timeout: float) -> list[Fate]:
        assert timeout > 0
        self.sent.append([msgspec.json.decode(message.body)["id"] for message in messages])
        if self.rejects & set(self.sent[-1]):
            raise Rejected("ACCESS_REFUSED")
        answer = self.answers.pop(0) if self.answers else [CONFIRMED] * len(messages)
        if isinstance(answer, BaseException):
            raise answer
        assert len(answer) == len(messages)
        return list(answer)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def broker() -> ScriptedBroker:
    """Give a broker that does as it is told."""
    return ScriptedBroker()


@pytest.fixture
def rig(tmp_path: Path, database_url: str, broker: ScriptedBroker) -> Iterator[Rig]:
    """Give a service that publishes through it, three events at a time."""
    with Rig(tmp_path, database_url, broker, batch_size=3) as rig:
        yield rig


def store(rig: Rig, *numbers: int, site: int = 1) -> None:
    """Put events into the outbox."""
    with rig.room.transaction() as uow:
        for number in numbers:
            uow.forward(sample(number, site))


def names(*numbers: int) -> list[str]:
    """Return the ids of events."""
    return [f"SAMPLE-{number}" for number in numbers]


def unpublished(rig: Rig) -> int:
    """Return how many rows still wait."""
    with rig.room.reading() as connection:
        count = sa.select(sa.func.count()).select_from(outbox).where(outbox.c.published_at.is_(None))
        return connection.scalar(count) or 0


def test_everything_stored_is_published_once_in_order(rig: Rig, broker: ScriptedBroker) -> None:
    """In batches, until nothing is left; an empty outbox publishes nothing."""
    relay = Relay(rig.room)
    store(rig, 1, 2)
    store(rig, 3, 4, 5, 6, 7, 8)
    while relay.publish_stored():
        pass
    assert not relay.publish_stored()
    assert broker.sent == [names(1, 2, 3, 4, 5, 6), names(7, 8)]
    assert unpublished(rig) == 0
    assert broker.opened == 1


def test_what_is_rolled_back_is_never_published(rig: Rig, broker: ScriptedBroker) -> None:
    """An event leaves only if the change it tells of was stored."""
    with pytest.raises(Crash), rig.room.transaction() as uow:
        uow.forward(sample(1))
        uow.flush()
        raise Crash
    store(rig, 2)
    Relay(rig.room).publish_stored()
    assert broker.sent == [names(2)]


@pytest.mark.parametrize("lost", [UNKNOWN, REFUSED])
def test_what_was_not_confirmed_is_sent_again(rig: Rig, broker: ScriptedBroker, lost: Fate) -> None:
    """Each message has its own fate: those that were stored are not sent twice."""
    relay = Relay(rig.room)
    store(rig, 1, 2, 3)
    broker.answers = [[CONFIRMED, lost, CONFIRMED], [lost]]
    for _ in range(4):
        relay.publish_stored()
    assert broker.sent == [names(1, 2, 3), names(2), names(2)]
    assert unpublished(rig) == 0


def test_what_nobody_wants_is_offered_from_time_to_time(rig: Rig, broker: ScriptedBroker) -> None:
    """It does not keep others from leaving, and reaches a subscriber that comes later."""
    relay = Relay(rig.room)
    store(rig, 1, 2)
    broker.answers = [[RETURNED, CONFIRMED]]
    relay.publish_stored()
    relay.publish_stored()
    store(rig, 3)
    relay.publish_stored()
    assert broker.sent == [names(1, 2), names(3)]
    rig.wall.advance(31)
    relay.publish_stored()
    assert broker.sent == [names(1, 2), names(3), names(1)]
    assert unpublished(rig) == 0


def test_a_lost_broker_is_left_and_found_again(rig: Rig, broker: ScriptedBroker) -> None:
    """The connection is closed, the events stay, and the next round opens another."""
    relay = Relay(rig.room)
    store(rig, 1)
    broker.answers = [DependencyDown("broker")]
    with pytest.raises(DependencyDown):
        relay.publish_stored()
    assert (broker.opened, broker.closed, unpublished(rig)) == (1, 1, 1)
    relay.publish_stored()
    assert (broker.opened, unpublished(rig)) == (2, 0)
    assert broker.sent == [names(1), names(1)]


def test_a_crash_between_confirm_and_mark_sends_the_same_event_again(rig: Rig, broker: ScriptedBroker) -> None:
    """The same id and the same bytes: every inbox recognises it."""
    store(rig, 1, 2)
    relay = Relay(rig.room)

    def die(*_: object) -> None:
        raise Crash

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Crash):
        patch.setattr(relay, "_mark", die)
        relay.publish_stored()
    Relay(rig.room).publish_stored()
    assert broker.sent == [names(1, 2), names(1, 2)]
    assert unpublished(rig) == 0


def test_what_the_broker_rejects_holds_back_only_its_own_subject(rig: Rig, broker: ScriptedBroker) -> None:
    """Each event of its batch is sent alone; others leave, later ones of its subject wait for it, and leave after it."""
    relay = Relay(rig.room)
    broker.rejects = {"SAMPLE-1"}
    store(rig, 1)
    store(rig, 2, site=2)
    store(rig, 3)
    relay.publish_stored()
    assert broker.sent == [names(1, 2, 3), names(1), names(2)]
    store(rig, 4, site=2)
    relay.publish_stored()
    assert broker.sent[3:] == [names(4)]
    broker.rejects.clear()
    rig.wall.advance(2)
    relay.publish_stored()
    assert broker.sent[4:] == [names(1), names(3)]
    assert unpublished(rig) == 0


def test_what_the_broker_rejects_again_and_again_is_put_aside_for_a_person(rig: Rig, broker: ScriptedBroker) -> None:
    """It is tried on a ladder of its own, then lies in the quarantine with its bytes; its subject goes on."""
    relay = Relay(rig.room)
    broker.rejects = {"SAMPLE-1"}
    store(rig, 1, 2)
    for number in range(10, 17):
        store(rig, number, site=2)
        relay.publish_stored()
        rig.wall.advance(3601)
    assert [ids for ids in broker.sent if ids == names(1)] == [names(1)] * rig.room.settings.max_attempts
    [item] = rig.unreadable()
    assert (item.reason, item.origin, item.state) == ("not_delivered", "outbox of rig", "quarantined")
    assert msgspec.json.decode(item.body)["id"] == "SAMPLE-1"
    assert names(2) in broker.sent or any("SAMPLE-2" in ids for ids in broker.sent)
    assert unpublished(rig) == 0


def test_while_nothing_gets_through_nothing_is_put_aside(rig: Rig, broker: ScriptedBroker) -> None:
    """A permission that was taken away, or an exchange that is not what it was, is no fault of the events."""
    relay = Relay(rig.room)
    broker.rejects = set(names(1, 2))
    store(rig, 1)
    store(rig, 2, site=2)
    for _ in range(20):
        relay.publish_stored()
        rig.wall.advance(3601)
    assert rig.unreadable() == []
    assert unpublished(rig) == 2
    broker.rejects.clear()
    relay.publish_stored()
    assert unpublished(rig) == 0


def test_what_was_replayed_and_is_rejected_again_lies_there_again(rig: Rig, broker: ScriptedBroker) -> None:
    """A replay that did not help loses nothing."""
    broker.rejects = {"SAMPLE-1"}
    for _ in range(2):
        relay = Relay(rig.room)
        store(rig, 1)
        for number in range(10, 17):
            store(rig, number, site=2)
            relay.publish_stored()
            rig.wall.advance(3601)
        [item] = rig.unreadable()
        assert item.state == "quarantined"
        with rig.room.database.writing() as connection:
            connection.execute(quarantine.update().values(state="replayed"))


def test_nothing_of_a_subject_overtakes_what_was_refused(rig: Rig, broker: ScriptedBroker) -> None:
    """A full queue may have room for the next message and not for this one: then each subject goes one by one."""
    relay = Relay(rig.room)
    store(rig, 1, 2)
    store(rig, 3, site=2)
    broker.answers = [[REFUSED, REFUSED, CONFIRMED], [REFUSED]]
    while unpublished(rig):
        relay.publish_stored()
    assert broker.sent == [names(1, 2, 3), names(1), names(1), names(2)]


@pytest.mark.server("postgresql")
def test_a_transaction_that_commits_late_is_not_skipped(tmp_path: Path, postgresql_url: str, broker: ScriptedBroker) -> None:
    """Numbers are given before commit: a relay that goes on after the last number it saw would lose the slower one."""
    with Rig(tmp_path, postgresql_url, broker) as rig:
        relay = Relay(rig.room)
        with rig.room.transaction() as slow:
            slow.forward(sample(1))
            slow.flush()
            store(rig, 2)
            relay.publish_stored()
            assert broker.sent == [names(2)]
        relay.publish_stored()
        assert broker.sent == [names(2), names(1)]
        with rig.room.reading() as connection:
            order = [
                msgspec.json.decode(body)["id"] for body in connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq))
            ]
        assert order == names(1, 2)
