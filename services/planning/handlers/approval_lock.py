"""Keeps apart what would not see the other's half; SQLite has one writer anyway.

An approval and the batches of events, or an activity would be missed: batches go on side by side. What is done about the same thing
by two copies at once, be it that neither finds it there yet.
"""

from __future__ import annotations

import sqlalchemy as sa

_LOCK = "hashtext('planning'), hashtext('plan approval')"


def stand_alone(connection: sa.Connection) -> None:
    """Wait until no batch is under way, and let none begin before this transaction ends."""
    _take(connection, f"select pg_advisory_xact_lock({_LOCK})")


def stand_beside(connection: sa.Connection) -> None:
    """Wait until no plan is being approved, and let none be before this transaction ends.

    Taken before anything else is locked, so that nobody who holds something waits for it.
    """
    _take(connection, f"select pg_advisory_xact_lock_shared({_LOCK})")


def _take(connection: sa.Connection, statement: str) -> None:
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(statement)
