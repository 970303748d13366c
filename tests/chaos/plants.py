"""Proves in every run that the accounting would have seen a loss: faults are planted, found, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from tests.chaos.ledger import Ledger

# Column of the ledger -> what makes it grow. Each touches one row.
_PLANTS = {
    "lost": "delete from planning.inbox where key = (select min(key::text)::uuid from planning.inbox where state = 'done')",
    "unexplained": "insert into reporting.inbox (key, state, fingerprint, received_at)"
    " values (gen_random_uuid(), 'done', 0, now())",
    "counted_twice": "insert into inspection.outbox (type, subject, body, created_at, published_at)"
    " select type, subject, body, created_at, published_at from inspection.outbox order by seq limit 1",
    "counted_too_little": "update planning.activities set done = done - 1"
    " where ctid = (select ctid from planning.activities order by event_type, year, facts limit 1)",
    "inconsistent": "update planning.moments set acted_at = acted_at - interval '1 day'"
    " where ctid = (select ctid from planning.moments order by about, name limit 1)",
    "notices_missing": "update notification.deliveries set state = 'failed' where delivery_id ="
    " (select min(delivery_id) from notification.deliveries where channel = 'email' and state = 'delivered')",
}


def missed(connection: sa.Connection, balance: Callable[[sa.Connection, Ledger], None], found: Ledger) -> list[str]:
    """Return the columns of ``found`` that did not grow when something was planted for them."""
    planted = replace(found, **dict.fromkeys(_PLANTS, 0), findings=[])
    transaction = connection.begin()
    try:
        for statement in _PLANTS.values():
            if connection.execute(sa.text(statement)).rowcount != 1:
                raise LookupError(f"nothing to plant on: {statement}")
        balance(connection, planted)
    finally:
        transaction.rollback()
    return [column for column in _PLANTS if getattr(planted, column) <= getattr(found, column)]
