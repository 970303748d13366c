"""Events become notices, deliveries and feed items in one transaction; recipients acknowledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from services.notification import handlers, queries
from services.notification.desk import Desk, open_desk
from services.notification.handlers import Acknowledge
from services.notification.queries import NoticeQuery
from services.notification.tables import deliveries, feed_items, notices
from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationDetected
from shared.contracts.notification import NoticeAcknowledged, NoticeIssued
from shared.contracts.partners import AlertPublished
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed
from shared.contracts.vocabulary import RiskLevel
from shared.kernel.clock import EventClock
from shared.kernel.errors import InvalidInput, NotFound, Permanent
from shared.kernel.wellformed import read_query
from shared.messaging.tables import outbox
from shared.room import Room
from tests.unit.notification.made_up import MORNING, event_of


def react(room: Room, desk: Desk, events: Sequence[Event[Any]]) -> None:
    """Run one batch."""
    with room.transaction() as uow:
        handlers.react(events, uow, desk)


def published(room: Room) -> list[Event[Any]]:
    """Return what stands in the outbox, as a subscriber decodes it."""
    with room.reading() as connection:
        return [decode(body.encode()) for body in connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq))]


def count(room: Room, table: sa.Table) -> int:
    """Return the number of rows."""
    with room.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def violations(number: int) -> list[Event[Any]]:
    """Return events about different violations."""
    sample = ViolationDetected.sample()
    return [event_of(msgspec.structs.replace(sample, violation_id=f"SAMPLE-VIOLATION-{one}"), one) for one in range(number)]


def test_a_violation_becomes_a_notice_with_a_delivery_for_each_recipient(room: Room, desk: Desk) -> None:
    """One notice, one event, three deliveries that wait, one item of the feed."""
    event = event_of(ViolationDetected.sample())
    react(room, desk, [event])
    (issued,) = published(room)
    assert isinstance(issued.data, NoticeIssued)
    assert issued.data.recipients == 3
    assert issued.data.title == "Cảnh báo vi phạm: chất lượng xăng dầu – xăng, Huế"
    assert (issued.correlationid, issued.causationid) == ("story-1", "event-1")
    with room.reading() as connection:
        file = queries.notice(connection, issued.data.notice_id)
    assert [(one.recipient, one.channel, one.state, one.attempts) for one in file.deliveries] == [
        ("ministry_of_science", "email", "waiting", 0),
        ("sub_department_46", "email", "waiting", 0),
        ("tbt_office", "email", "waiting", 0),
    ]
    assert "Cửa hàng xăng dầu mẫu 1" in file.text_vi
    assert count(room, feed_items) == 1


def test_the_legal_time_of_a_notice_is_not_before_its_cause_nor_before_now(room: Room, desk: Desk, clock: EventClock) -> None:
    """A notice is an act of ours: it happens when we learn of the cause, whenever the cause was observed."""
    late = event_of(ViolationDetected.sample(), 1, time=MORNING + timedelta(hours=5))
    react(room, desk, [late])
    clock.advance_to(MORNING + timedelta(days=2))
    react(room, desk, [event_of(DeadlineMissed.sample(), 2, time=MORNING)])
    assert [event.data.observed_at for event in published(room)] == [MORNING + timedelta(hours=5), MORNING + timedelta(days=2)]


def test_the_same_thing_told_twice_is_one_notice(room: Room, desk: Desk) -> None:
    """Within a batch and later, under the same event id or another."""
    sample = ViolationDetected.sample()
    react(room, desk, [event_of(sample, 1), event_of(sample, 2)])
    react(room, desk, [event_of(sample, 3)])
    assert (count(room, notices), count(room, deliveries), count(room, feed_items)) == (1, 3, 1)
    assert len(published(room)) == 1


def test_events_nobody_must_be_told_of_leave_no_trace(room: Room, desk: Desk) -> None:
    """Not even an empty notice."""
    react(room, desk, [event_of(msgspec.structs.replace(AlertPublished.sample(), risk_level=RiskLevel.LOW))])
    assert count(room, notices) == 0
    assert published(room) == []


def test_deadlines_do_not_reach_the_feed(room: Room, desk: Desk) -> None:
    """They are told to authorities only."""
    react(room, desk, [event_of(DeadlineApproaching.sample()), event_of(DeadlineMissed.sample(), 2)])
    assert (count(room, notices), count(room, deliveries), count(room, feed_items)) == (2, 3, 0)


def test_no_row_of_the_feed_holds_a_site(room: Room, desk: Desk) -> None:
    """Whatever the tables of the feed are joined with, the name is not in them."""
    site = ViolationDetected.sample().site
    react(room, desk, violations(3))
    with room.reading() as connection:
        stored = str(connection.execute(sa.select(feed_items)).all())
        issued = str(connection.execute(sa.select(notices)).all())
    assert site.name in issued
    assert site.name not in stored
    assert site.id not in stored
    for event in published(room):
        assert site.name not in str(event.data)


@pytest.mark.parametrize("size", [1, 7, 40])
def test_batches_of_any_size_issue_the_same_notices(room: Room, desk: Desk, size: int) -> None:
    """Ids and legal times do not depend on which events came together."""
    events = violations(40)
    for start in range(0, len(events), size):
        react(room, desk, events[start : start + size])
    found = sorted((event.id, event.data.notice_id, event.data.observed_at) for event in published(room))
    assert len(found) == 40
    assert found == sorted((one.id, one.data.notice_id, one.data.observed_at) for one in _once(room, events))


def _once(room: Room, events: Sequence[Event[Any]]) -> list[Event[Any]]:
    """Return what a batch of all events announces, without storing it."""
    with room.rehearsal() as uow:
        uow.connection.execute(notices.delete())
        uow.connection.execute(deliveries.delete())
        uow.connection.execute(feed_items.delete())
        uow.connection.execute(outbox.delete())
        handlers.react(events, uow, open_desk(room.settings, room.wall))
        uow.flush()
        return [decode(body.encode()) for body in uow.connection.scalars(sa.select(outbox.c.body))]


def test_one_statement_for_each_table_and_batch(room: Room, desk: Desk) -> None:
    """A hundred violations cost as many statements as one."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement.split("(", maxsplit=1)[0][:40])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        counts = []
        for start, size in ((0, 1), (1, 100)):
            statements.clear()
            react(room, desk, violations(101)[start : start + size])
            counts.append(len(statements))
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] <= 6, statements


def test_a_role_that_nobody_holds_goes_to_the_dead_letter_desk(room: Room, desk: Desk) -> None:
    """Trying again would not help, and losing the notice would be worse."""
    empty = replace(desk, contacts=type(desk.contacts)({}))
    with pytest.raises(Permanent, match="tbt_office"):
        react(room, empty, [event_of(ViolationDetected.sample())])
    assert count(room, notices) == 0


def acknowledge(room: Room, notice_id: str, recipient: str) -> None:
    """Acknowledge as HTTP does."""
    with room.transaction() as uow:
        handlers.acknowledge(notice_id, Acknowledge(recipient=recipient), uow)


def test_each_recipient_acknowledges_once(room: Room, desk: Desk, clock: EventClock) -> None:
    """A repetition changes nothing; the event belongs to the story of the violation."""
    react(room, desk, [event_of(ViolationDetected.sample())])
    notice_id = published(room)[0].data.notice_id
    clock.advance_to(MORNING + timedelta(hours=8))
    acknowledge(room, notice_id, "tbt_office")
    clock.advance_to(MORNING + timedelta(hours=9))
    acknowledge(room, notice_id, "tbt_office")
    acknowledge(room, notice_id, "sub_department_46")
    _, *read = published(room)
    assert [event.data for event in read] == [
        NoticeAcknowledged(
            observed_at=MORNING + timedelta(hours=hours),
            notice_id=notice_id,
            notice_kind="violation_warning",
            about_province="46",
            recipient=recipient,
        )
        for hours, recipient in ((8, "tbt_office"), (9, "sub_department_46"))
    ]
    assert {event.correlationid for event in read} == {"story-1"}
    with room.reading() as connection:
        file = queries.notice(connection, notice_id)
    assert {one.recipient for one in file.acknowledgements} == {"tbt_office", "sub_department_46"}


def test_only_who_got_a_notice_can_acknowledge_it(room: Room, desk: Desk) -> None:
    """A stranger and an unknown notice are told so."""
    react(room, desk, [event_of(ViolationDetected.sample())])
    notice_id = published(room)[0].data.notice_id
    with pytest.raises(InvalidInput, match="sub_department_46") as error:
        acknowledge(room, notice_id, "sub_department_01")
    assert error.value.pointer == "/recipient"
    with pytest.raises(NotFound):
        acknowledge(room, "no-such-notice", "tbt_office")


def test_an_acknowledgement_is_not_before_the_notice(room: Room, desk: Desk) -> None:
    """Also when the clock stands before the cause was published."""
    react(room, desk, [event_of(ViolationDetected.sample(), 1, time=MORNING + timedelta(hours=5))])
    notice_id = published(room)[0].data.notice_id
    acknowledge(room, notice_id, "tbt_office")
    assert published(room)[-1].data.observed_at == MORNING + timedelta(hours=5)


def test_lists_are_paged_and_filtered(room: Room, desk: Desk, clock: EventClock) -> None:
    """Every notice once, the latest first, and only what was asked for."""
    for day, event in enumerate(violations(5)):
        clock.advance_to(datetime(2025, 4, 1 + day, tzinfo=UTC))
        react(room, desk, [event])
    react(room, desk, [event_of(DeadlineMissed.sample(), 9)])

    def page(**arguments: str) -> queries.NoticePage:
        with room.reading() as connection:
            return queries.list_notices(connection, read_query(arguments, NoticeQuery))

    everything = page()
    assert len(everything.notices) == 6
    assert everything.after == ""
    times = [line.issued_at for line in everything.notices]
    assert times == sorted(times, reverse=True)
    found, after = [], ""
    while True:
        part = page(limit="2", **({"after": after} if after else {}))
        found += part.notices
        after = part.after
        if not after:
            break
    assert found == everything.notices
    assert len(page(kind="violation_warning").notices) == 5
    assert len(page(kind="violation_warning", state="waiting", province="46").notices) == 5
    assert page(state="failed").notices == []
    assert page(province="01").notices == []


@pytest.mark.parametrize("arguments", [{"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"state": "lost"}, {"colour": "red"}])
def test_wrong_arguments_are_refused(arguments: dict[str, str]) -> None:
    """Bounded and strict."""
    with pytest.raises(InvalidInput):
        read_query(arguments, NoticeQuery)


def test_an_unknown_cursor_is_refused(room: Room) -> None:
    """Not taken for the beginning."""
    with room.reading() as connection, pytest.raises(InvalidInput, match="after"):
        queries.list_notices(connection, NoticeQuery(after="nothing"))
