"""Migrations make exactly the tables that the code uses, on every database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from shared.database.engine import Database
from shared.database.migrate import is_current, migrate
from shared.messaging.tables import metadata as kit

SERVICES = ("planning", "inspection", "notification", "reporting")


def own_tables(service: str) -> sa.MetaData:
    """Return the tables of a service, beside the kit's."""
    metadata: sa.MetaData = import_module(f"services.{service}.tables").metadata
    return metadata


def is_for(connection: sa.Connection) -> Callable[..., bool]:
    """Return which parts of the code's tables exist on this kind of database: some indexes only one of them has."""

    def include(part: Any, _name: str, kind: str, _reflected: bool, _compared: Any) -> bool:
        return kind != "index" or connection.dialect.name == "postgresql" or not part.dialect_options["postgresql"]["using"]

    return include


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_make_what_the_code_uses(database_url: str, service: str) -> None:
    """Tables, columns, types, nullability and indexes of kit and service are those the queries are written for."""
    with closing(Database(database_url, service)) as database:
        assert migrate(database)
        with database.reading() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_for(connection)})
            assert compare_metadata(context, [kit, own_tables(service)]) == []


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_again_changes_nothing(database_url: str, service: str) -> None:
    """The second run finds nothing to do, and readiness sees the difference."""
    with closing(Database(database_url, service)) as database:
        assert not is_current(database)
        assert migrate(database)
        assert is_current(database)
        assert not migrate(database)


def test_copies_may_migrate_at_once(database_url: str) -> None:
    """Of several copies that start together one does the work, and the others wait for it."""
    outcomes: list[object] = []

    def run() -> None:
        try:
            with closing(Database(database_url, "inspection")) as database:
                outcomes.append(migrate(database))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test is to show it
            outcomes.append(error)

    # A file belongs to one process, and there to one thread at start.
    copies = [threading.Thread(target=run) for _ in range(1 if database_url.startswith("sqlite") else 4)]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join(60)
    assert sorted(map(str, outcomes)) == ["False"] * (len(copies) - 1) + ["True"]
