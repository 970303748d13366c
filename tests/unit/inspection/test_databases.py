"""The service does and shows the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from services.inspection import handlers
from services.inspection.handlers import Officer
from services.inspection.procedure.deeds import CloseCase, OrderMeasure
from services.inspection.queries import CaseQuery, case_file, list_cases, verdicts_on
from services.inspection.tables import cases
from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from shared.contracts.inspection import CaseOpened, CloseReason
from shared.contracts.vocabulary import Measure
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.tables import outbox

if TYPE_CHECKING:
    from tests.unit.inspection.conftest import Make, Result

HEAD = Officer("SAMPLE-HEAD-1", heads_agency=True)


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """Return a migrated database of each kind in turn."""
    made = Database(database_url, "inspection")
    migrate(made)
    yield made
    made.close()


def run(database: Database, action: Callable[[UnitOfWork], None], at: Event[Any]) -> None:
    """Commit one unit of work at the time of an event."""
    with database.writing() as connection:
        uow = UnitOfWork(connection, "inspection", at.time, at.time)
        action(uow)
        uow.flush()


def emitted(database: Database) -> list[str]:
    """Return the outbox."""
    with database.reading() as connection:
        return list(connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq)))


def test_the_same_story_on_every_database(empty: Database, make: Make, rehearse: Callable[..., Result]) -> None:
    """To the last byte of what is announced, batch by batch."""
    first = make.petrol("62")
    batches: list[list[Event[Any]]] = [
        [first, make.petrol("70", at=1), make.pump("0.9", verified_on=None), make.petrol("62", site=2)],
        [make.petrol("40", at=2), make.petrol("63", at=3), make.pump("0.1", at=1)],
        [make.petrol("40", at=9, site=2), make.petrol("40", at=5, site=2), make.petrol("62", at=7, site=2)],
    ]
    for batch in batches:
        run(empty, partial(handlers.judge, batch), first)
    assert emitted(empty) == rehearse(*batches)[0]


def test_case_files_lists_and_officers_acts_on_every_database(empty: Database, make: Make) -> None:
    """What is stored is found again."""
    first = make.petrol("62")
    run(empty, partial(handlers.judge, [first, *(make.petrol("62", site=site) for site in range(2, 6))]), first)
    opened = [event.data for event in map(decode, map(str.encode, emitted(empty))) if isinstance(event.data, CaseOpened)]
    case_id = opened[0].case_id
    order = OrderMeasure(measure=Measure.HANDLING_DECISION, source="Luật 05/2007/QH12 Điều 47(6)")
    run(empty, lambda uow: handlers.act(case_id, order, HEAD, uow), first)
    run(empty, lambda uow: handlers.act(case_id, CloseCase(reason=CloseReason.UNFOUNDED), HEAD, uow), first)
    with empty.reading() as connection:
        found = case_file(connection, case_id)
        assert [decode(bytes(finding.event)) for finding in found.findings] == [first]
        assert [measure.measure for measure in found.measures] == [Measure.SEAL_AND_STOP_SALE, Measure.HANDLING_DECISION]
        assert found.case.reason is CloseReason.UNFOUNDED
        (verdict,) = verdicts_on(connection, case_id, first.key, {})
        assert (verdict.rule, verdict.breaches) == (found.verdicts[0].rule, found.verdicts[0].breaches)
        page = list_cases(connection, CaseQuery(limit=3))
        rest = list_cases(connection, CaseQuery(limit=3, after=page.after))
        assert sorted([line.id for line in page.cases + rest.cases]) == sorted(one.case_id for one in opened)


def test_a_site_and_product_never_have_two_open_cases(empty: Database, make: Make) -> None:
    """The database refuses what two workers at once might try."""
    first = make.petrol("62")
    run(empty, partial(handlers.judge, [first]), first)
    with empty.reading() as connection:
        row = dict(connection.execute(sa.select(cases)).mappings().one())
    with pytest.raises(sa.exc.IntegrityError), empty.writing() as connection:
        connection.execute(sa.insert(cases).values({**row, "id": "SAMPLE-SECOND"}))
