"""Keeps apart what copies of the service do at once, where neither would see the other's half; SQLite has one writer anyway."""

from __future__ import annotations

import sqlalchemy as sa

_APPROVAL = "hashtext('planning'), hashtext('plan approval')"


def stand_alone(connection: sa.Connection) -> None:
    """Wait until no batch of events is under way, and let none begin before this transaction ends: none would be counted half."""
    _take(connection, f"select pg_advisory_xact_lock({_APPROVAL})")


def stand_beside(connection: sa.Connection) -> None:
    """Wait until no plan is being approved, and let none be before this transaction ends; batches go on side by side.

    Taken before anything else is locked, so that nobody who holds something waits for it.
    """
    _take(connection, f"select pg_advisory_xact_lock_shared({_APPROVAL})")


def stand_in_line(connection: sa.Connection, what: str) -> None:
    """Wait until nobody else does ``what``, of which two at once would both find nothing done yet."""
    _take(connection, f"select pg_advisory_xact_lock(hashtext('planning'), hashtext('{what}'))")


def _take(connection: sa.Connection, statement: str) -> None:
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(statement)
