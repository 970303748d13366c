"""What the kit relies on, the same for every database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.database.arrays import listing, one_of
from shared.database.engine import Database
from shared.database.types import Exact, Instant, Key, Serial
from shared.database.upsert import insert_all, insert_new, upsert
from shared.kernel.errors import DependencyDown

metadata = sa.MetaData()
things = sa.Table(
    "things",
    metadata,
    sa.Column("key", Key(), primary_key=True),
    sa.Column("seen_at", Instant),
    sa.Column("amount", Exact),
    sa.Column("number", sa.BigInteger),
    sa.Column("note", sa.Text),
    sa.Column("open", sa.Boolean),
    sa.Column("day", sa.Date),
)
cells = sa.Table(
    "cells",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("latest", sa.Text, nullable=False),
)
numbered = sa.Table(
    "numbered", metadata, sa.Column("seq", Serial, primary_key=True), sa.Column("note", sa.Text), sqlite_autoincrement=True
)

MORNING = datetime(2025, 3, 14, 2, 30, 15, 123_456, tzinfo=UTC)


def key(number: int) -> str:
    """Return an event key."""
    return f"{number:032x}"


def thing(index: int, **more: Any) -> dict[str, Any]:
    """Return a row with all columns."""
    plain = {
        "seen_at": MORNING,
        "amount": Decimal("62.50"),
        "number": 2**53 + 1,
        "note": "Xăng",
        "open": True,
        "day": MORNING.date(),
    }
    return {"key": key(index), **plain, **more}


def cell(name: str, count: int, latest: str = "") -> dict[str, Any]:
    """Return a roll-up cell of one day."""
    return {"name": name, "day": MORNING.date(), "count": count, "latest": latest}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give each kind of database in turn, with three tables."""
    with closing(Database(database_url, "conformance")) as database:
        with database.writing() as connection:
            if not database.is_sqlite:
                connection.execute(sa.schema.CreateSchema("conformance"))
            metadata.create_all(connection)
        yield database


def stored(database: Database, table: sa.Table = things) -> list[dict[str, Any]]:
    """Return all rows in order of their keys."""
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()]


@pytest.mark.parametrize("write", [insert_all, insert_new])
def test_values_come_back_as_they_went_in(database: Database, write: Any) -> None:
    """Moments to the microsecond and in UTC, decimals to the last zero's value, integers beyond floats, Vietnamese, nothing."""
    hanoi = MORNING.astimezone(timezone(timedelta(hours=7)))
    nothing = dict.fromkeys(("seen_at", "amount", "number", "note", "open", "day"))
    rows = [thing(1), thing(2, seen_at=hanoi, amount=Decimal("-1E+20"), number=-(2**62), open=False), {**thing(3), **nothing}]
    with database.writing() as connection:
        write(connection, things, rows)
    found = stored(database)
    assert found == [thing(1), thing(2, amount=Decimal("-1E+20"), number=-(2**62), open=False), {"key": key(3), **nothing}]
    assert found[0]["seen_at"].utcoffset() == timedelta(0)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    notes=st.lists(
        st.one_of(
            st.none(),
            st.text(st.characters(codec="utf-8", exclude_characters="\0")),
            st.sampled_from(["NULL", "{}", '"', "\\", '","']),
        )
    ),
)
def test_any_text_comes_back(database: Database, notes: list[str | None]) -> None:
    """Quotes, backslashes, braces and the word NULL are text like any other, in a batch of any size."""
    with database.rehearsing() as connection:
        insert_all(connection, things, [thing(number, note=note) for number, note in enumerate(notes)])
        found = connection.scalars(sa.select(things.c.note).order_by(things.c.key)).all()
    assert list(found) == notes


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    """Nobody could say when it was."""
    with pytest.raises((ValueError, sa.exc.StatementError), match="time zone"), database.writing() as connection:
        insert_all(connection, things, [thing(1, seen_at=datetime(2025, 3, 14))])  # noqa: DTZ001 - that is the point
    assert stored(database) == []


def test_insert_new_tells_which_rows_were_new(database: Database) -> None:
    """Known keys are left as they are; of two rows with one key in a call the first is written."""
    with database.writing() as connection:
        assert insert_new(connection, things, []) == []
        assert insert_new(connection, things, [thing(2, note="old")]) == [{"key": key(2)}]
        rows = [thing(3, note="first"), thing(2, note="new"), thing(1), thing(3, note="second")]
        assert sorted(row["key"] for row in insert_new(connection, things, rows)) == [key(1), key(3)]
        assert insert_new(connection, things, rows) == []
    assert [row["note"] for row in stored(database)] == ["Xăng", "old", "first"]


def test_insert_new_works_for_keys_of_several_columns(database: Database) -> None:
    """The whole key decides."""
    with database.writing() as connection:
        insert_new(connection, cells, [cell("a", 1)])
        tomorrow = {**cell("a", 1), "day": MORNING.date() + timedelta(days=1)}
        assert insert_new(connection, cells, [cell("a", 5), tomorrow]) == [{"name": "a", "day": tomorrow["day"]}]


def test_insert_all_refuses_a_known_key(database: Database) -> None:
    """A conflict is an error, and nothing of the call stays."""
    with database.writing() as connection:
        insert_all(connection, things, [thing(1)])
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection:
        insert_all(connection, things, [thing(2), thing(1)])
    assert [row["key"] for row in stored(database)] == [key(1)]


def test_upsert_adds_and_replaces(database: Database) -> None:
    """Roll-ups are summed up, latest values are overwritten, new cells are made: in one statement for all."""
    with database.writing() as connection:
        upsert(connection, cells, [], add=["count"])
        upsert(connection, cells, [cell("b", 2, "x"), cell("a", 1, "x")], add=["count"], replace=["latest"])
        upsert(connection, cells, [cell("c", 4, "y"), cell("b", 5, "y")], add=["count"], replace=["latest"])
    assert stored(database, cells) == [cell("a", 1, "x"), cell("b", 7, "y"), cell("c", 4, "y")]


def test_upsert_wants_folded_rows(database: Database) -> None:
    """Two rows for one cell in a call are a mistake of the caller on every database."""
    with pytest.raises(ValueError, match="fold them first"), database.writing() as connection:
        upsert(connection, cells, [cell("a", 1), cell("a", 2)], add=["count"])


def test_a_batch_may_be_large(database: Database) -> None:
    """Five thousand rows in each call, beyond the number of parameters a statement may have."""
    rows = [thing(number) for number in range(5000)]
    with database.writing() as connection:
        assert len(insert_new(connection, things, rows)) == 5000
        assert insert_new(connection, things, rows) == []
        upsert(connection, things, rows, replace=["note", "seen_at", "amount", "number", "open", "day"])
        assert connection.scalar(sa.select(sa.func.count()).select_from(things)) == 5000


def test_numbers_are_given_in_order_of_writing(database: Database) -> None:
    """The outbox relies on it, within a call and between calls."""
    for start in (0, 50):
        with database.writing() as connection:
            insert_all(connection, numbered, [{"note": str(number)} for number in range(start, start + 50)])
    assert [row["note"] for row in stored(database, numbered)] == [str(number) for number in range(100)]


def test_an_exception_undoes_everything(database: Database) -> None:
    """All or nothing, whatever went wrong, and the connection is fit for the next."""
    with pytest.raises(RuntimeError), database.writing() as connection:
        insert_all(connection, things, [thing(1)])
        raise RuntimeError
    with database.writing() as connection:
        insert_all(connection, things, [thing(2)])
    assert [row["key"] for row in stored(database)] == [key(2)]


def test_a_rehearsal_leaves_nothing(database: Database) -> None:
    """It sees its own changes, and nobody else ever does."""
    with database.rehearsing() as connection:
        insert_all(connection, things, [thing(1)])
        assert connection.scalar(sa.select(sa.func.count()).select_from(things)) == 1
    assert stored(database) == []


def test_a_note_is_seen_by_everyone_once_it_is_written(database: Database) -> None:
    """By a question, and by who reads or writes afterwards."""
    with database.noting() as connection:
        insert_all(connection, things, [thing(1), thing(2)])
    question = sa.select(things.c.key).where(things.c.number == sa.bindparam("number")).order_by(things.c.key)
    asked = database.ask(question, {"number": 2**53 + 1})
    assert [row.key for row in asked] == [key(1), key(2)]
    assert database.ask(question, {"number": 0}) == []
    with database.noting() as connection:
        connection.execute(things.delete().where(things.c.key == key(1)))
    with database.writing() as connection:
        assert connection.scalars(sa.select(things.c.key)).all() == [key(2)]


def test_one_note_that_is_wrong_is_not_stored(database: Database) -> None:
    """And the connection can be used again."""
    with pytest.raises(sa.exc.IntegrityError), database.noting() as connection:
        insert_all(connection, things, [thing(1), thing(1)])
    with database.noting() as connection:
        insert_all(connection, things, [thing(1)])
    assert len(database.ask(sa.select(things))) == 1


@pytest.mark.parametrize("values", [[], ["SAMPLE-1"], ["SAMPLE-1", 'with "quotes"', "back\\slash", "Xăng, dầu"]])
def test_a_statement_that_is_built_once_takes_any_list(database: Database, values: list[str]) -> None:
    """However many values, and whatever is in them."""
    with database.writing() as connection:
        insert_all(connection, things, [{**thing(number), "note": note} for number, note in enumerate([*values, "another"])])
    question = sa.select(things.c.note).where(one_of(things.c.note, "wanted", is_sqlite=database.is_sqlite))
    found = database.ask(question, {"wanted": listing(values, is_sqlite=database.is_sqlite)})
    assert sorted(row.note for row in found) == sorted(values)


def test_readers_cannot_write(database: Database) -> None:
    """A query that changes something is a bug that shows at once."""
    with pytest.raises((sa.exc.DBAPIError, DependencyDown)), database.reading() as connection:
        insert_all(connection, things, [thing(1)])
    assert stored(database) == []


def test_a_reader_sees_one_moment(database: Database) -> None:
    """What is committed meanwhile does not appear in the middle of a report."""
    count = sa.select(sa.func.count()).select_from(things)
    with database.reading() as reader:
        assert reader.scalar(count) == 0
        with database.writing() as connection:
            insert_all(connection, things, [thing(1)])
        assert reader.scalar(count) == 0
    assert len(stored(database)) == 1


def test_writers_at_once_neither_deadlock_nor_lose_a_count(database: Database) -> None:
    """Copies of a service upsert the same cells in whatever order their batches have."""
    names = [f"cell {number}" for number in range(40)]
    failures: list[BaseException] = []

    def write(order: list[str]) -> None:
        try:
            for _ in range(10):
                with database.writing() as connection:
                    upsert(connection, cells, [cell(name, 1) for name in order], add=["count"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is to show it
            failures.append(error)

    writers = [threading.Thread(target=write, args=(order,)) for order in (names, names[::-1], names[20:] + names[:20])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert failures == []
    assert {row["count"] for row in stored(database, cells)} == {30}


def test_of_writers_at_once_one_inserts_a_key(database: Database) -> None:
    """The same event on two copies: whoever is second is told that it is known, when the first has committed."""
    winners: list[int] = []

    def claim(number: int) -> None:
        with database.writing() as connection:
            if insert_new(connection, things, [thing(1, number=number)]):
                winners.append(number)

    claimants = [threading.Thread(target=claim, args=(number,)) for number in range(5)]
    for claimant in claimants:
        claimant.start()
    for claimant in claimants:
        claimant.join(60)
    assert [row["number"] for row in stored(database)] == winners
    assert len(winners) == 1
