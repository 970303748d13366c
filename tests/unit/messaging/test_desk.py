"""The desk: a rehearsal changes nothing, a replay keeps its rate, an edit takes two persons, and the trail shows it all."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa

from shared.contracts.codec import decode, encode
from shared.kernel.errors import Conflict, InvalidInput, Permanent
from shared.messaging import dead_letters
from shared.messaging.dead_letters import Deed, Person, Selection, State
from shared.messaging.tables import desk_acts, outbox
from tests.unit.messaging.rig import Rig, sample

HORIZON = timedelta(days=45)
FIRST, SECOND = Person("operator 1", proven=True), Person("operator 2", proven=True)
BROKEN = Permanent("no rule for site 'SAMPLE-SITE-1'")


def corrected(number: int) -> bytes:
    """The event with another site: what a person typed."""
    return encode(sample(number, site=9))


def acts_of(rig: Rig) -> list[tuple[str, str, str]]:
    """Return who did what with which letter."""
    with rig.room.reading() as connection:
        return [(one.actor, one.act, one.letter) for one in dead_letters.acts(connection)]


def test_letters_that_differ_in_particulars_are_one_group(rig: Rig) -> None:
    """Values and numbers in an error's text do not make it another cause."""
    rig.fail(1, BROKEN)
    rig.fail(2, Permanent("no rule for site 'SAMPLE-SITE-2'"))
    rig.deliver(sample(1, site=1), sample(2, site=2))
    with rig.room.reading() as connection:
        (group,) = dead_letters.groups(connection, rig.room.name)
    assert (group.cause, group.count) == ("Permanent: no rule for site …", 2)


def test_a_rehearsal_tells_what_would_happen_and_changes_nothing(rig: Rig) -> None:
    """The handlers really run: one would succeed and publish, the other fails as before; no effect, no event stays."""
    rig.fail(1, BROKEN)
    rig.fail(2, BROKEN)
    rig.deliver(sample(1, site=1), sample(2, site=2))
    before = rig.rows()
    del rig.faults["SAMPLE-1"]
    told = dead_letters.rehearse(rig.room, rig._handle, Selection(), HORIZON)
    assert {one.id: one.error for one in told} == {sample(1).key: "", sample(2, site=2).key: f"Permanent: {BROKEN}"}
    assert [one.emits[0].type for one in told if not one.error] == [sample(1).type]
    assert rig.rows() == before
    assert rig.effects() == []
    assert rig.announced() == []


def test_a_replay_keeps_its_rate_and_the_order(rig: Rig) -> None:
    """Two a second: each falls due half a second after the one that failed before it, and not sooner."""
    events = [sample(number, site=number) for number in range(5)]
    for number in range(5):
        rig.fail(number, BROKEN)
    rig.deliver(*events)
    rig.heal()
    with rig.room.transaction() as desk:
        done = dead_letters.replay(desk, Selection(), rig.wall.now, by=FIRST, horizon=HORIZON, rate=2)
    assert (done.events, done.until) == (5, rig.wall.now + timedelta(seconds=2))
    tried = [rig.inbox.retry_due()]
    for _ in range(4):
        rig.wall.advance(0.5)
        tried.append(rig.inbox.retry_due())
    assert tried == [1, 1, 1, 1, 1]
    assert rig.effects() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("rate", [0, -1, 1000.1])
def test_a_rate_is_bounded(rig: Rig, rate: float) -> None:
    """None, or one that would be no bound, is refused."""
    with rig.room.transaction() as desk, pytest.raises(InvalidInput, match="a second"):
        dead_letters.replay(desk, Selection(), rig.wall.now, by=FIRST, horizon=HORIZON, rate=rate)


def propose(rig: Rig, body: bytes, by: Person = FIRST, letter: str = "") -> dead_letters.Edit:
    """Propose other bytes for event 1."""
    with rig.room.transaction() as desk:
        return dead_letters.propose(desk, letter or sample(1).key, body, "wrong site", rig.wall.now, by=by, horizon=HORIZON)


def approve(rig: Rig, edit: dead_letters.Edit, by: Person) -> None:
    """Approve an edit."""
    with rig.room.transaction() as desk:
        dead_letters.approve(desk, edit.id, rig.wall.now, by=by, horizon=HORIZON)


@pytest.fixture
def dead(rig: Rig) -> Rig:
    """Event 1 is dead."""
    rig.fail(1, BROKEN)
    rig.deliver(sample(1))
    rig.heal()
    return rig


def test_an_edit_is_tried_when_a_second_person_approves(dead: Rig) -> None:
    """Not before; under its id, saying which edit it comes from; the original stays, and so does who did what."""
    edit = propose(dead, corrected(1))
    assert dead.rows()[1].state == State.DEAD
    approve(dead, edit, SECOND)
    event = decode(dead.rows()[1].body.encode())
    assert (event.key, event.edited, event.data.site.id) == (sample(1).key, edit.id, "SAMPLE-SITE-9")
    assert dead.rows()[1].subject == event.subject
    assert dead.inbox.retry_due() == 1
    assert dead.effects() == [1]
    with dead.room.reading() as connection:
        (kept,) = dead_letters.edits(connection, sample(1).key)
    assert (kept.original, kept.state, kept.decided_by) == (encode(sample(1)), "approved", SECOND.name)
    assert acts_of(dead) == [
        (FIRST.name, Deed.EDIT_PROPOSED, sample(1).key),
        (SECOND.name, Deed.EDIT_APPROVED, sample(1).key),
    ]
    dead.deliver(sample(1))  # the sender repeats the original: it was handled
    assert dead.effects() == [1]


def test_nobody_approves_alone(dead: Rig) -> None:
    """Neither who proposed it, under any token of that name, nor somebody whom no token proves."""
    edit = propose(dead, corrected(1))
    with pytest.raises(Conflict, match="another person"):
        approve(dead, edit, Person(FIRST.name, proven=True))
    with pytest.raises(Conflict, match="not known by a token"):
        approve(dead, edit, Person("os:root", proven=False))
    with pytest.raises(Conflict, match="not known by a token"):
        propose(dead, corrected(1), Person("os:root", proven=False))
    assert dead.rows()[1].state == State.DEAD
    assert [act for _, act, _ in acts_of(dead)] == [Deed.EDIT_PROPOSED]


def test_an_edit_is_decided_once(dead: Rig) -> None:
    """A rejected one cannot be approved, nor an approved one again; a second proposal waits until the first is decided."""
    first = propose(dead, corrected(1))
    with pytest.raises(Conflict, match="has a proposal"):
        propose(dead, corrected(1))
    with dead.room.transaction() as desk:
        dead_letters.reject(desk, first.id, "not ours to change", dead.wall.now, by=FIRST)
    with pytest.raises(Conflict, match="was rejected by operator 1"):
        approve(dead, first, SECOND)
    dead.wall.advance(1)
    second = propose(dead, corrected(1))
    approve(dead, second, SECOND)
    with pytest.raises(Conflict, match="was approved by operator 2"):
        approve(dead, second, SECOND)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (encode(sample(2)), "keeps its id"),
        (encode(sample(1)), "are those of the letter"),
        (b"no JSON", "not_json"),
        (encode(sample(1)).replace(b'"lab.sample_tested"', b'"lab.sample_lost"'), "unknown_type"),
    ],
)
def test_an_edit_is_the_same_event_and_readable(dead: Rig, body: bytes, why: str) -> None:
    """Another id would be another event, and what cannot be read would only die again."""
    with pytest.raises(InvalidInput, match=why):
        propose(dead, body)


def test_bytes_that_could_not_be_read_can_be_edited(rig: Rig) -> None:
    """They are published once two persons agree, under the id that they had."""
    body = encode(sample(1)).replace(b'"observed_at":"', b'"observed_at":"not a time ')
    rig.deliver(body)
    (item,) = rig.unreadable()
    with pytest.raises(InvalidInput, match="keeps its id"):
        propose(rig, encode(sample(2)), letter=item.id)
    edit = propose(rig, corrected(1), letter=item.id)
    assert rig.announced() == []
    approve(rig, edit, SECOND)
    with rig.room.reading() as connection:
        (published,) = connection.scalars(sa.select(outbox.c.body))
    event = decode(published.encode())
    assert (event.id, event.edited) == ("SAMPLE-1", edit.id)
    assert rig.unreadable()[0].state == State.REPLAYED


def test_every_act_is_in_the_trail(rig: Rig) -> None:
    """Replay, drop and note: who, which letter, and why, each letter in a row of its own."""
    for number in (1, 2):
        rig.fail(number, BROKEN)
    rig.deliver(sample(1, site=1), sample(2, site=2))
    keys = [sample(1).key, sample(2).key]
    with rig.room.transaction() as desk:
        dead_letters.note(desk, keys[0], "asked the laboratory", rig.wall.now, by=FIRST)
        dead_letters.replay(desk, Selection(id=keys[0]), rig.wall.now, by=FIRST, horizon=HORIZON, why="rule deployed")
    with rig.room.transaction() as desk:
        dead_letters.drop(desk, Selection(), "a test message", rig.wall.now, by=SECOND)
    assert acts_of(rig) == [
        (FIRST.name, Deed.NOTED, keys[0]),
        (FIRST.name, Deed.REPLAYED, keys[0]),
        (SECOND.name, Deed.DROPPED, keys[1]),
    ]
    with rig.room.reading() as connection:
        assert [one.why for one in dead_letters.acts(connection)] == ["asked the laboratory", "rule deployed", "a test message"]
        assert dead_letters.first_broken(connection) == 0


@pytest.mark.parametrize("change", ["update desk_acts set why = 'x'", "delete from desk_acts"])
def test_the_database_refuses_to_change_the_trail(rig: Rig, change: str) -> None:
    """Whatever a program of ours may try."""
    with rig.room.transaction() as desk:
        dead_letters.note(desk, sample(1).key, "asked the laboratory", rig.wall.now, by=FIRST)
    with pytest.raises(sa.exc.DBAPIError, match="only added"), rig.room.database.writing() as connection:
        connection.exec_driver_sql(change)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update desk_acts set why = 'x' where number = 2", 2),
        ("update desk_acts set actor = 'somebody else' where number = 3", 3),
        ("delete from desk_acts where number = 1", 1),
        ("delete from desk_acts where number = 2", 2),
        ("update desk_acts set number = 7 where number = 3", 3),
    ],
)
def test_tampering_is_seen(rig: Rig, change: str, broken: int) -> None:
    """Who may switch the guard off still breaks the chain, and the first bad row is named."""
    with rig.room.transaction() as desk:
        for text in ("one", "two", "three", "four"):
            dead_letters.note(desk, sample(1).key, text, rig.wall.now, by=FIRST)
    with rig.room.database.writing() as connection:
        for guard in ("desk_acts_kept_update", "desk_acts_kept_delete") if connection.dialect.name == "sqlite" else ():
            connection.exec_driver_sql(f"drop trigger {guard}")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("alter table desk_acts disable trigger all")
        connection.exec_driver_sql(change)
        assert connection.scalar(sa.select(sa.func.count()).select_from(desk_acts)) in (3, 4)
    with rig.room.reading() as connection:
        assert dead_letters.first_broken(connection) == broken


def test_that_an_event_was_edited_is_read_and_written() -> None:
    """Whoever gets it later can tell."""
    event = msgspec.structs.replace(sample(1), edited="0" * 32)
    assert decode(encode(event)).edited == "0" * 32
