"""Claims: a letter belongs to one copy of the service at a time, and is settled by the last one that had it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from services.notification.contacts import Contacts
from services.notification.deliveries import Claimed, Outcome, claim, is_any_due, settle
from services.notification.desk import Desk
from services.notification.dispatch import LEASE, ROUND, Dispatcher
from shared.contracts.codec import decode
from shared.contracts.notification import NoticeDelivered
from shared.kernel.clock import EventClock
from shared.messaging.tables import outbox
from shared.room import Room
from tests.unit.notification.made_up import MORNING, Post, Wall, issue, rows, told


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


def test_a_process_that_died_while_sending_repeats_under_the_same_id(room: Room, desk: Desk, contacts: Contacts) -> None:
    """On SQLite the next process takes over at once: the attempt counts, the id stays."""
    issue(room, desk)
    died, post = claimed_by(room, contacts), Post()
    assert Dispatcher(room, {"email": post}, contacts).run_round("email") is True
    assert set(post.delivered) == {one.letter.delivery_id for one in died}
    assert {(row.state, row.attempts) for row in rows(room)} == {("delivered", 2)}
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


def test_the_search_for_due_letters_uses_its_index(room: Room, desk: Desk) -> None:
    """A million delivered letters must not slow down the next one."""
    issue(room, desk, 3)
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        statements.append((statement, parameters))

    with room.reading() as connection:
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            assert is_any_due(connection, "email", room.wall())
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)
        statement, parameters = statements[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "deliveries_due" in str(plan)
