"""Claims: a letter belongs to one copy of the service at a time, and is settled by the last one that had it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from services.notification.contacts import Contacts
from services.notification.deliveries import Claimed, Outcome, claim, settle
from services.notification.desk import Desk
from services.notification.dispatch import LEASE, ROUND, Dispatcher
from shared.contracts.codec import decode
from shared.contracts.notification import NoticeDelivered
from shared.database.migrate import migrate
from shared.kernel.clock import EventClock
from shared.messaging.brokers.memory import MemoryBroker
from shared.messaging.tables import outbox
from shared.room import Room
from shared.settings import Settings
from tests.unit.notification.made_up import MORNING, Post, Wall, issue, rows, told


@pytest.fixture
def room(database_url: str, settings: Settings, clock: EventClock, wall: Wall) -> Iterator[Room]:
    """Give the service's room on each kind of database."""
    stored = settings.model_copy(update={"database_url": SecretStr(database_url)})
    made = Room("notification", stored, clock, MemoryBroker(), wall)
    migrate(made.database)
    yield made
    made.close()


def claimed_by(room: Room, contacts: Contacts, limit: int = 200) -> list[Claimed]:
    """Claim as a copy of the service does."""
    with room.transaction() as uow:
        return claim(uow.connection, contacts, "email", now=room.wall(), lease=LEASE, limit=limit)


def test_two_copies_never_have_the_same_letter(room: Room, desk: Desk, contacts: Contacts) -> None:
    """Threads that claim until nothing is left share the letters out."""
    issue(room, desk, 40)
    shares: list[list[str]] = [[] for _ in range(4)]

    def take(share: list[str]) -> None:
        while found := claimed_by(room, contacts, 7):
            share += [one.letter.delivery_id for one in found]

    threads = [threading.Thread(target=take, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [one for share in shares for one in share]
    assert len(taken) == len(set(taken)) == 120


def test_copies_that_claim_and_settle_at_once_deliver_everything_once(room: Room, desk: Desk, contacts: Contacts) -> None:
    """No letter twice, none left over, no deadlock, whatever order the rows are found in."""
    posts = [Post() for _ in range(4)]
    copies = [Dispatcher(room, {"email": post}, contacts) for post in posts]
    assert not any(copy.run_round("email") for copy in copies)
    issue(room, desk, 300)
    faults: list[Exception] = []

    def work(copy: Dispatcher) -> None:
        try:
            while copy.run_round("email"):
                pass
        except Exception as error:  # noqa: BLE001 - it is shown by the assertion below
            faults.append(error)

    threads = [threading.Thread(target=work, args=(copy,)) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    delivered = [one for post in posts for one in post.delivered]
    assert faults == []
    assert len(delivered) == len(set(delivered)) == len(told(room)) == 900
    assert {(row.state, row.attempts, row.fence) for row in rows(room)} == {("delivered", 1, 1)}


def test_a_lost_lease_cannot_settle(room: Room, desk: Desk, contacts: Contacts, wall: Wall) -> None:
    """Who comes back after its lease has run out finds its fence too low, whatever it brings."""
    issue(room, desk)
    slow = claimed_by(room, contacts)
    assert claimed_by(room, contacts) == []
    wall.now += LEASE
    other = Dispatcher(room, {"email": Post()}, contacts)
    other._took_over = True
    assert other.run_round("email") is True
    before = rows(room)
    with room.transaction() as uow:
        assert settle(uow, slow, [Outcome(one, "failed", "late") for one in slow], wall()) == []
    with room.transaction() as uow:
        assert settle(uow, slow, [], wall()) == []
    assert rows(room) == before
    assert len(told(room)) == 3


def test_announcements_have_the_same_ids_after_a_crash(room: Room, desk: Desk, contacts: Contacts, clock: EventClock) -> None:
    """What was announced before the crash and what is announced after it is one event."""
    issue(room, desk)

    def announced() -> set[str]:
        with room.rehearsal() as uow:
            claimed = claim(uow.connection, contacts, "email", now=room.wall(), lease=LEASE, limit=ROUND)
            settle(uow, claimed, [Outcome(one, "delivered", "250 OK") for one in claimed], room.wall())
            uow.flush()
            bodies = uow.connection.scalars(sa.select(outbox.c.body).where(outbox.c.type == NoticeDelivered.type))
            return {decode(body.encode()).id for body in bodies}

    before = announced()
    clock.advance_to(MORNING + timedelta(days=1))
    assert len(before) == 3
    assert announced() == before
