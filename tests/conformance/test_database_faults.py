"""A database that is away, full, or held by another copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.upsert import insert_all, sent_ahead
from shared.kernel.errors import DependencyDown
from shared.messaging.tables import outbox

MORNING = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give each kind of database in turn, migrated."""
    with closing(Database(database_url, "conformance")) as database:
        migrate(database)
        yield database


def write(database: Database, size: int = 10) -> None:
    """Store something."""
    with database.writing() as connection:
        row = {"type": "t", "subject": "s", "body": "x" * size, "created_at": sa.func.now()}
        connection.execute(
            outbox.insert().values(**{**row, "created_at": sa.literal_column("0" if database.is_sqlite else "now()")})
        )


@pytest.mark.server("postgresql")
def test_a_server_that_is_away_is_a_missing_dependency() -> None:
    """Nobody listens there: that is no fault of the event at hand."""
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing", "conformance")
    with pytest.raises(DependencyDown, match="database of conformance"), database.reading():
        pass
    with pytest.raises(DependencyDown, match="database of conformance"), database.writing():
        pass


def test_a_file_that_cannot_be_opened_is_a_missing_dependency(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same for a file."""
    folder = tmp_path_factory.mktemp("folder")
    with closing(Database(f"sqlite:///{folder}", "conformance")) as database:
        with pytest.raises(DependencyDown), database.reading():
            pass
        with pytest.raises(DependencyDown), database.writing():
            pass


def test_a_full_disk_is_a_missing_dependency(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Events wait until there is room again; none of them dies of it."""
    folder = tmp_path_factory.mktemp("full")
    with closing(Database(f"sqlite:///{folder}/{{service}}.db", "conformance")) as database:
        migrate(database)
        with database.writing() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(DependencyDown):
            write(database, 1_000_000)
        with database.writing() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1000}")
        write(database, 1_000_000)


@pytest.mark.server("postgresql")
def test_a_connection_that_ends_in_mid_transaction_is_a_missing_dependency(postgresql_url: str) -> None:
    """The server goes while a batch is being written: nothing is stored, and the next connection works."""
    with closing(Database(postgresql_url, "conformance")) as database:
        migrate(database)
        with pytest.raises(DependencyDown), database.writing() as connection:
            insert_all(connection, outbox, [{"type": "t", "subject": "s", "body": "lost", "created_at": None}][:0])
            own = connection.scalar(sa.text("select pg_backend_pid()"))
            with database.writing() as other:
                other.execute(sa.text("select pg_terminate_backend(:own, 5000)"), {"own": own})
            connection.execute(sa.select(outbox))
        write(database)
        with database.reading() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(outbox)) == 1


@pytest.mark.server("postgresql")
def test_a_connection_that_ends_while_statements_are_under_way_is_a_missing_dependency(postgresql_url: str) -> None:
    """What was sent ahead is not stored, nobody takes it for stored, and the next connection works."""
    row = {"type": "t", "subject": "s", "body": "lost", "created_at": MORNING}
    with closing(Database(postgresql_url, "conformance")) as database:
        migrate(database)
        with pytest.raises(DependencyDown), database.writing() as connection:
            own = connection.scalar(sa.text("select pg_backend_pid()"))
            with sent_ahead(connection):
                insert_all(connection, outbox, [row])
                with database.writing() as other:
                    other.execute(sa.text("select pg_terminate_backend(:own, 5000)"), {"own": own})
                insert_all(connection, outbox, [row])
        write(database)
        with database.reading() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(outbox)) == 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_of_several_statements_under_way_that_is_wrong_undoes_all(database: Database, place: int) -> None:
    """The first, the one in the middle or the last: nothing of the transaction stays, and the connection can be used again."""
    rows = [{"type": "t", "subject": "s", "body": str(number), "created_at": MORNING} for number in range(3)]
    rows[place]["body"] = None
    with pytest.raises(sa.exc.IntegrityError), database.writing() as connection, sent_ahead(connection):
        for row in rows:
            insert_all(connection, outbox, [row])
    with database.writing() as connection, sent_ahead(connection):
        for row in rows[:place] + rows[place + 1 :]:
            insert_all(connection, outbox, [row])
    with database.reading() as connection:
        kept = connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq)).all()
    assert kept == [row["body"] for row in rows if row["body"]]


def test_only_one_copy_does_a_duty(database: Database, database_url: str) -> None:
    """On a server two copies of a service compete, and the duty passes on; a file has one process, which always may."""
    with closing(Database(database_url, "conformance")) as copy, closing(Database(database_url, "another")) as stranger:
        with database.alone("relay") as first:
            assert first()
            with copy.alone("relay") as second, copy.alone("retention") as other_duty, stranger.alone("relay") as other_service:
                assert second() == database.is_sqlite
                assert other_duty()
                assert other_service()
            assert first()
        with copy.alone("relay") as second:
            assert second()


_END_WHO_HOLDS_A_DUTY = """
select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
"""


@pytest.mark.server("postgresql")
def test_a_duty_is_lost_with_its_connection(postgresql_url: str) -> None:
    """Who held it hears of it when it asks again, and another copy takes over."""
    with (
        closing(Database(postgresql_url, "conformance")) as database,
        closing(Database(postgresql_url, "conformance")) as copy,
        pytest.raises(DependencyDown),
        database.alone("relay") as may,
    ):
        assert may()
        with copy.writing() as connection:
            connection.execute(sa.text(_END_WHO_HOLDS_A_DUTY))
        with copy.alone("relay") as taken_over:
            assert taken_over()
        may()
