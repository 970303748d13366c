"""Bring a service's database to the newest revision: the kit's tables and the service's own are two Alembic branches."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from shared.database.engine import Database

_ROOT = Path(__file__).resolve().parents[2]


def migrate(database: Database) -> bool:
    """Run the missing revisions, and tell whether there were any.

    Only one process does it at a time; the others wait for its transaction.
    """
    script = _script(database.service)
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": f"migrate-{database.service}"})
            if not connection.scalar(sa.text("select 1 from pg_namespace where nspname = :name"), {"name": database.service}):
                connection.execute(sa.schema.CreateSchema(database.service))
        context = MigrationContext.configure(connection, opts={"fn": _upgrade(script), "transactional_ddl": True})
        before = set(context.get_current_heads())
        if before == set(script.get_heads()):
            return False
        with Operations.context(context):
            context.run_migrations()
        return True


def is_current(database: Database) -> bool:
    """Tell whether every revision has been run."""
    with database.reading() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(_script(database.service).get_heads())


def _script(service: str) -> ScriptDirectory:
    folders = [_ROOT / "shared" / "messaging" / "migrations" / "versions"]
    own = _ROOT / "services" / service / "migrations" / "versions"
    if own.is_dir():
        folders.append(own)
    return ScriptDirectory(str(_ROOT / "shared" / "database"), version_locations=[str(folder) for folder in folders])


def _upgrade(script: ScriptDirectory):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Alembic's own types are private
    def steps(heads, _context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return script._upgrade_revs("heads", heads)  # noqa: SLF001 - Alembic offers it only through its command line

    return steps
