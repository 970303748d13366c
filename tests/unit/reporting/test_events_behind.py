"""Every figure opens to its events: they add up to it exactly, in every cell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.reporting import queries
from services.reporting.model import DIMENSIONS
from services.reporting.periods import month_end
from services.reporting.queries import EVERYTHING, Slice
from services.reporting.reports import By
from services.reporting.tables import cells
from shared.contracts.codec import decode
from shared.database.engine import Database
from shared.kernel.errors import InvalidInput, NotFound
from tests.unit.reporting.made_up import made_up_events, take_in

EVENTS = made_up_events(600, seed=3, days=200)
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)


@pytest.fixture
def connection(database: Database) -> Any:
    """A snapshot of half a year of made-up events."""
    take_in(database, EVENTS)
    with database.reading() as connection:
        yield connection


def opened(connection: sa.Connection, name: str, first: date, last: date, *, limit: int = 1000, **more: Any) -> list[Any]:
    """Return all pages of events."""
    found, after = [], ""
    while True:
        page = queries.events_behind(connection, name, first, last, after=after, limit=limit, **more)
        found += page.events
        if page.next is None:
            return found
        assert len(page.events) == limit
        after = page.next


def test_every_cell_opens_to_events_that_add_up_to_it(connection: sa.Connection) -> None:
    """For each cell of each figure, the values of the events behind it sum up to the cell."""
    known = {event.id for event in EVENTS}
    every_cell = connection.execute(sa.select(cells)).all()
    for cell in every_cell:
        unit, _, alone = cell.grain.partition("/")
        last = cell.start if unit == "day" else month_end(cell.start)
        where = Slice(**{name: getattr(cell, name) for name in ([alone] if alone else DIMENSIONS)})
        found = opened(connection, cell.indicator, cell.start, last, where=where)
        assert sum(one.value for one in found) == cell.value
        events = [decode(bytes(one.event)) for one in found]
        assert len({event.key for event in events}) == len(found)
        assert {event.id for event in events} <= known
    assert len(every_cell) > 700


def test_a_report_opens_to_its_events(connection: sa.Connection) -> None:
    """The rows of a report of any dimension open by the row's key, also as it was known at a cut-off."""
    for cut_off in (None, date(2025, 4, 10)):
        for by in ("province", "product_group", "kind"):
            found = queries.report(connection, "activities", FIRST, LAST, By(by), cut_off=cut_off)
            assert found.rows
            for row in found.rows:
                behind = opened(connection, "activities", FIRST, LAST, where=Slice(**{by: row.key}), cut_off=cut_off)
                assert sum(one.value for one in behind) == row.value


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_pages_neither_skip_nor_repeat(connection: sa.Connection, limit: int) -> None:
    """Pages of any size give the same events in the same order as one large page."""
    whole = opened(connection, "verdicts", FIRST, LAST)
    assert opened(connection, "verdicts", FIRST, LAST, limit=limit) == whole
    assert len(whole) > 10
    assert [one.day for one in whole] == sorted(one.day for one in whole)


def test_nothing_behind_nothing(connection: sa.Connection) -> None:
    """A period without events gives an empty last page."""
    page = queries.events_behind(connection, "verdicts", LAST, LAST + timedelta(days=5), where=EVERYTHING)
    assert (page.events, page.next) == ([], None)


@pytest.mark.parametrize("after", ["x", "nonsense", "W10", "bnVsbA", "é"])
def test_a_made_up_cursor_is_refused(connection: sa.Connection, after: str) -> None:
    """Only what a page gave leads to the next page."""
    with pytest.raises(InvalidInput, match="after"):
        queries.events_behind(connection, "verdicts", FIRST, LAST, after=after)


def test_an_unknown_report_is_not_found(connection: sa.Connection) -> None:
    """The name is checked before anything else."""
    with pytest.raises(NotFound):
        queries.events_behind(connection, "nothing", FIRST, LAST)
