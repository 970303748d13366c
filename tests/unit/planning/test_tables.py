"""The migration makes the tables the code uses."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.planning.tables import metadata
from tests.unit.planning.story import Planning


def test_the_migrations_make_the_tables(planning: Planning) -> None:
    """No table, column, key or index of planning differs from what the revisions made."""
    own = set(metadata.tables)
    with planning.database.reading() as connection:
        options = {"include_name": lambda name, kind, _parents: kind != "table" or name in own}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
