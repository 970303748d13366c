"""The desk shows what failed, and a decision does what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pika
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from services.cli.databases import service_names
from services.cli.dead_letters.collecting import collect
from services.cli.dead_letters.deciding import replay
from shared.contracts.codec import decode, encode
from shared.contracts.envelope import Event
from shared.contracts.partners import ComplaintReceived, SampleTested
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.kernel.clock import SystemClock
from shared.kernel.errors import InvalidInput, Permanent, Refused
from shared.messaging import dead_letters, quarantine, topology
from shared.messaging.brokers import Delivery, connect
from shared.messaging.brokers.memory import MemoryBroker
from shared.messaging.dead_letters import Group, Person, Selection, State
from shared.messaging.inbox import Inbox
from shared.messaging.quarantine import Item
from shared.messaging.tables import inbox, outbox
from shared.messaging.tables import quarantine as quarantine_table
from shared.room import Room
from shared.settings import Settings

EVERYTHING = Selection()
YEAR = timedelta(days=365)
CLERK = Person("os:sample", proven=False)


def event(number: int, data: SampleTested | ComplaintReceived) -> Event[Any]:
    """An event of its own id."""
    return Event(
        id=f"SAMPLE-{number}", source="/sample/test", type=data.type, subject=data.order_key(), time=data.observed_at, data=data
    )


TESTED, COMPLAINT = event(1, SampleTested.sample()), event(2, ComplaintReceived.sample())


class Handler:
    """Fails with ``error`` until there is none."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.handled: list[str] = []

    def __call__(self, events: Sequence[Event[Any]], _uow: object) -> None:
        if self.error is not None:
            raise self.error
        self.handled += [one.id for one in events]


@pytest.fixture
def room(tmp_path: Path, database_url: str) -> Iterator[Room]:
    """One service's surroundings, on each kind of database."""
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(database_url), max_attempts=2)
    with closing(Room("inspection", settings, SystemClock(), MemoryBroker())) as made:
        migrate(made.database)
        yield made


def receive(room: Room, handler: Handler, *bodies: bytes) -> Inbox:
    """Deliver ``bodies`` to the room's inbox."""
    arrivals = Inbox(room, handler)
    arrivals.process([Delivery(body, tag) for tag, body in enumerate(bodies)])
    return arrivals


def listed(room: Room) -> list[Group]:
    """Return what the desk lists."""
    with room.reading() as connection:
        return dead_letters.groups(connection, room.name)


def keep(room: Room, body: bytes, origin: str) -> str:
    """Put bytes that cannot be read into quarantine and return their id."""
    with pytest.raises(Refused) as refused:
        decode(body, edge=True)
    item = Item(body, origin, refused.value)
    with room.transaction() as uow:
        quarantine.store(uow.connection, room.name, [item], room.wall())
    return item.id


def test_letters_that_failed_alike_are_one_line(room: Room) -> None:
    """Groups are told apart by state, type and first line of the error, and say how many and since when."""
    receive(room, Handler(Permanent("no rule\nsecond line")), encode(TESTED), encode(COMPLAINT), b"no JSON")
    found = {(one.state, one.type): one for one in listed(room)}
    assert found.keys() == {("dead", TESTED.type), ("dead", COMPLAINT.type), ("quarantined", "")}
    tested = found["dead", TESTED.type]
    assert (tested.cause, tested.count, tested.example) == ("Permanent: no rule", 1, TESTED.key)
    assert tested.oldest <= room.wall()
    assert found["quarantined", ""].cause == "not_json"


def test_a_letter_is_shown_whole(room: Room) -> None:
    """Error, attempts, subject and raw body of a dead event; origin, reason and raw bytes of an unreadable one."""
    receive(room, Handler(Permanent("no rule")), encode(TESTED), b"\xff\x00")
    with room.reading() as connection:
        dead = dead_letters.letter(connection, room.name, TESTED.key)
        unread = dead_letters.letter(
            connection, room.name, next(one.example for one in listed(room) if one.state == "quarantined")
        )
        assert dead_letters.letter(connection, room.name, "0" * 32) is None
    assert dead is not None
    assert unread is not None
    assert (dead.error, dead.attempts, dead.subject, dead.body) == ("Permanent: no rule", 1, TESTED.subject, encode(TESTED))
    assert (unread.origin, unread.body, unread.error.partition(":")[0]) == ("queue inspection", b"\xff\x00", "not_json")


def test_a_replayed_event_gets_all_its_attempts(room: Room) -> None:
    """It is due at once and its attempts start anew; once handled it is off the desk."""
    handler = Handler(Permanent("no rule"))
    arrivals = receive(room, handler, encode(TESTED))
    handler.error = None
    with room.transaction() as uow:
        assert dead_letters.replay(uow, EVERYTHING, room.wall(), by=CLERK, horizon=YEAR).events == 1
        row = uow.connection.execute(sa.select(inbox.c.state, inbox.c.attempts)).one()
        assert tuple(row) == (State.RETRY, 0)
    assert arrivals.retry_due() == 1
    assert handler.handled == [TESTED.id]
    assert listed(room) == []


def test_only_what_was_chosen_is_replayed(room: Room) -> None:
    """By id one letter, by cause those whose cause begins so; pattern signs and the case of letters count as they are."""
    receive(room, Handler(Permanent("rule_x")), encode(TESTED))
    receive(room, Handler(Permanent("ruleyx")), encode(COMPLAINT))
    for chosen, number in (
        (Selection(id="0" * 32), 0),
        (Selection(cause="Permanent: rule%"), 0),
        (Selection(cause="permanent"), 0),
        (Selection(cause="Permanent: rule_"), 1),
        (Selection(id=COMPLAINT.key), 1),
    ):
        with room.rehearsal() as uow:
            assert dead_letters.replay(uow, chosen, room.wall(), by=CLERK, horizon=YEAR).events == number, chosen


def test_bytes_that_became_readable_are_published(room: Room) -> None:
    """They are decoded again, go to the outbox once, and are off the desk."""
    letter_id = keep(room, b'{"old": 1}', "a.jsonl:1")
    with room.transaction() as uow:
        # What an upgrade does: the same bytes now mean something.
        uow.connection.execute(quarantine_table.update().values(body=encode(TESTED)))
    with room.transaction() as uow:
        result = dead_letters.replay(uow, Selection(id=letter_id), room.wall(), by=CLERK, horizon=YEAR)
    assert (result.published, result.left) == (1, [])
    with room.reading() as connection:
        assert [decode(body.encode()).key for body in connection.scalars(sa.select(outbox.c.body))] == [TESTED.key]
    assert listed(room) == []
    with room.transaction() as uow:
        assert dead_letters.replay(uow, EVERYTHING, room.wall(), by=CLERK, horizon=YEAR).published == 0


def test_bytes_that_are_still_unreadable_say_why(room: Room) -> None:
    """They stay where they are, with the reason of today."""
    letter_id = keep(room, b'{"old": 1}', "a.jsonl:1")
    with room.transaction() as uow:
        result = dead_letters.replay(uow, Selection(cause="not_a_cloud"), room.wall(), by=CLERK, horizon=YEAR)
    (still,) = result.left
    assert (result.published, still.id, still.origin) == (0, letter_id, "a.jsonl:1")
    assert still.why.startswith("not_a_cloudevent: Object missing")
    assert [one.state for one in listed(room)] == ["quarantined"]


def test_a_second_content_under_one_id_is_never_replayed(room: Room) -> None:
    """It is readable, but its id was used: publishing it again would lose it without a trace."""
    other = Event(**{name: getattr(TESTED, name) for name in TESTED.__struct_fields__ if name != "data"}, data=_changed())
    receive(room, Handler(None), encode(TESTED), encode(other))
    with room.transaction() as uow:
        result = dead_letters.replay(uow, EVERYTHING, room.wall(), by=CLERK, horizon=YEAR)
    assert result.published == 0
    assert "under another id" in result.left[0].why


def test_bytes_older_than_inboxes_remember_are_left(room: Room) -> None:
    """Services may have forgotten that they handled the event, and would handle it twice."""
    keep(room, b'{"old": 1}', "queue inspection")
    with room.transaction() as uow:
        uow.connection.execute(quarantine_table.update().values(body=encode(TESTED)))
        result = dead_letters.replay(uow, EVERYTHING, room.wall() + YEAR, by=CLERK, horizon=YEAR - timedelta(seconds=1))
        assert (result.published, len(result.left)) == (0, 1)
        assert "may have forgotten" in result.left[0].why
        assert dead_letters.replay(uow, EVERYTHING, room.wall(), by=CLERK, horizon=YEAR).published == 1


def _changed() -> SampleTested:
    sample = SampleTested.sample()
    return SampleTested(
        **{name: getattr(sample, name) for name in sample.__struct_fields__ if name != "observed_at"},
        observed_at=sample.observed_at + timedelta(hours=1),
    )


def test_files_are_read_as_strictly_as_before(room: Room) -> None:
    """A misspelt field was refused at the edge, and replaying does not slip it in; from a queue it is tolerated."""
    body = encode(TESTED).replace(b'"laboratory"', b'"labratory":"x","laboratory"')
    keep(room, body, "a.jsonl:1")
    with room.rehearsal() as uow:
        assert "labratory" in dead_letters.replay(uow, EVERYTHING, room.wall(), by=CLERK, horizon=YEAR).left[0].why
    with room.transaction() as uow:
        uow.connection.execute(quarantine_table.update().values(origin="queue inspection"))
    with room.transaction() as uow:
        assert dead_letters.replay(uow, EVERYTHING, room.wall(), by=CLERK, horizon=YEAR).published == 1


def test_dropped_letters_are_kept_with_the_reason(room: Room) -> None:
    """They no longer wait, keep their bytes and error, and neither a replay nor the same event again brings them back."""
    handler = Handler(Permanent("no rule"))
    receive(room, handler, encode(TESTED), b"no JSON")
    with room.transaction() as uow:
        assert dead_letters.drop(uow, EVERYTHING, " a test\nmessage ", room.wall(), by=CLERK) == 2
    assert {one.state for one in listed(room)} == {"dropped"}
    with room.reading() as connection:
        letter = dead_letters.letter(connection, room.name, TESTED.key)
    assert letter is not None
    assert letter.body == encode(TESTED)
    assert letter.cause == "Permanent: no rule"
    assert letter.error.endswith("Z: a test message")
    with room.transaction() as uow:
        assert dead_letters.replay(uow, EVERYTHING, room.wall(), by=CLERK, horizon=YEAR).events == 0
    handler.error = None
    receive(room, handler, encode(TESTED), b"no JSON")
    assert handler.handled == []
    assert {(one.state, one.count) for one in listed(room)} == {("dropped", 1)}


def test_dropping_needs_a_reason(room: Room) -> None:
    """Without one nobody could tell later why an event had no effect."""
    with room.rehearsal() as uow, pytest.raises(InvalidInput, match="reason"):
        dead_letters.drop(uow, EVERYTHING, " \n", room.wall(), by=CLERK)


def test_what_is_tried_again_by_itself_is_left_alone(room: Room) -> None:
    """A retry belongs to the service; the desk shows it and decides nothing about it."""
    receive(room, Handler(ValueError("for now")), encode(TESTED))
    assert [(one.state, one.cause) for one in listed(room)] == [("retry", "ValueError: for now")]
    with room.transaction() as uow:
        assert dead_letters.replay(uow, EVERYTHING, room.wall(), by=CLERK, horizon=YEAR).events == 0
        assert dead_letters.drop(uow, EVERYTHING, "no", room.wall(), by=CLERK) == 0


def test_ids_are_checked() -> None:
    """A cut id is told from one that does not exist."""
    with pytest.raises(InvalidInput, match="32 hex digits"):
        Selection(id="abc")


@pytest.mark.server("rabbitmq")
def test_what_the_broker_put_aside_comes_to_the_desk(tmp_path: Path, rabbitmq_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From there it is replayed like any letter: each event by the service that may publish it."""
    broker = connect(rabbitmq_url)
    broker.declare("reporting", [TESTED.type])
    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        channel = connection.channel()
        channel.queue_declare(topology.UNROUTABLE, durable=True)
        channel.queue_bind(topology.UNROUTABLE, topology.UNROUTABLE)
        channel.confirm_delivery()
        channel.basic_publish(topology.EVENTS, COMPLAINT.type, encode(COMPLAINT))  # nobody is bound to its type
        channel.basic_publish(topology.DEAD, TESTED.type, encode(TESTED))
    for name in service_names():
        with closing(Database(f"sqlite:///{tmp_path}/{name}.db", name)) as database:
            migrate(database)
    monkeypatch.setenv("CHUAN_BROKER_URL", rabbitmq_url)
    collect(tmp_path, as_json=True)
    collect(tmp_path, as_json=True)
    with closing(Database(f"sqlite:///{tmp_path}/inspection.db", "inspection")) as database, database.reading() as found:
        rows = found.execute(sa.select(quarantine_table.c.reason, quarantine_table.c.body, quarantine_table.c.state)).all()
    assert {row.body for row in rows} == {encode(COMPLAINT), encode(TESTED)}
    assert {(row.reason, row.state) for row in rows} == {("not_delivered", "quarantined")}
    replay(everything=True, data=tmp_path, as_json=True)
    with closing(Database(f"sqlite:///{tmp_path}/inspection.db", "inspection")) as database, database.reading() as found:
        assert set(found.scalars(sa.select(outbox.c.type))) == {COMPLAINT.type, TESTED.type}
