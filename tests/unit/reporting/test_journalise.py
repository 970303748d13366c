"""Taking events in: everything is journalled, and the tables do not depend on order or batches."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from services.reporting.handlers import journalise
from services.reporting.service import ReportingService
from services.reporting.tables import cells, journal, points
from shared.contracts.codec import decode
from shared.contracts.registry import contracts
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.subscription import subscribed_types
from tests.unit.reporting.made_up import NOW, event_of, made_up_events, take_in


def rows_of(database: Database, table: sa.Table) -> list[Any]:
    """Return all rows of a table in order of their columns."""
    with database.reading() as connection:
        return sorted(map(tuple, connection.execute(sa.select(table)).all()))


def test_every_contract_is_subscribed_to() -> None:
    """A new contract is journalled without a change here."""
    assert subscribed_types(ReportingService) == list(contracts())


def test_every_event_is_journalled_as_it_came(database: Database) -> None:
    """The journal gives back each event unchanged, in order of arrival."""
    events = [event_of(one.data.sample(), one.event_type) for one in contracts().values()]
    take_in(database, events, batch=4)
    with database.reading() as connection:
        rows = connection.execute(sa.select(journal).order_by(journal.c.seq)).all()
    assert [decode(row.body.encode()) for row in rows] == events
    assert [(row.key, row.type, row.kind, row.province) for row in rows] == [
        (event.key, event.type, event.data.kind, event.data.province) for event in events
    ]


@pytest.mark.parametrize("seed", range(5))
def test_order_and_batches_do_not_matter(new_database: Callable[[], Database], seed: int) -> None:
    """Any order and any batches give the same cells and points, to the row."""
    chance = random.Random(seed)
    events = made_up_events(300)
    one, other = new_database(), new_database()
    take_in(one, events, batch=300)
    take_in(other, chance.sample(events, len(events)), batch=chance.randrange(1, 80))
    for table in (cells, points):
        assert rows_of(one, table) == rows_of(other, table)
    assert rows_of(one, cells)


def test_an_event_cannot_be_counted_twice(database: Database) -> None:
    """Should the inbox ever let one through again, the journal refuses it and nothing is added."""
    events = made_up_events(20)
    take_in(database, events)
    before = rows_of(database, cells)
    with pytest.raises(sa.exc.IntegrityError):
        take_in(database, events[:1])
    assert rows_of(database, cells) == before


def test_a_batch_is_a_handful_of_statements(database: Database) -> None:
    """The number of statements does not grow with the number of events or figures."""
    counts = []
    made = made_up_events(1100)
    for events in (made[:100], made[100:]):
        statements: list[str] = []
        with database.writing() as connection:
            listen = _listener(statements)
            sa.event.listen(connection, "before_cursor_execute", listen)
            journalise(events, UnitOfWork(connection, "reporting", NOW, NOW))
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6


def _listener(statements: list[str]) -> Callable[..., None]:
    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    return listen
