"""Two copies of inspection on one PostgreSQL: what each hears at the same moment is compared with what the other hears."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

import pytest

from services.inspection.registers.filling import fill
from services.inspection.registers.heard import product_id
from shared.contracts.envelope import Event
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from tests.conformance.copies import meanwhile
from tests.unit.inspection.conftest import MORNING, Make
from tests.unit.inspection.test_matching import TOY, alert, found, lot, note

pytestmark = pytest.mark.server("postgresql")

Maker = Callable[[Make], Event[Any]]


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    """Give the inspection database, migrated."""
    database = Database(postgresql_url, "inspection")
    migrate(database)
    yield database
    database.close()


def note_at_once(database: Database, mine: list[Event[Any]], of_the_other: list[Event[Any]]) -> None:
    """Let one copy take note, and another one before the first has committed."""
    with database.writing() as connection:
        fill(mine, UnitOfWork(connection, "inspection", MORNING, MORNING))
        end = meanwhile(lambda: note(database, of_the_other))
    end()


@pytest.mark.parametrize("makers", list(permutations([lot, alert])))
def test_neither_copy_misses_what_the_other_hears(database: Database, makers: tuple[Maker, Maker]) -> None:
    """An alert comes to one copy while the product it is about comes to the other: it is suggested."""
    mine, of_the_other = (maker(Make()) for maker in makers)
    note_at_once(database, [mine], [of_the_other])
    assert [(one["subject_id"], one["state"]) for one in found(database)] == [(product_id(TOY), "suggested")]


def test_two_copies_suggest_the_same_once(database: Database) -> None:
    """Both hear of the same alert and the same product, each in events of its own: one suggestion, and no copy fails."""
    note_at_once(database, [lot(Make()), alert(Make())], [alert(Make()), lot(Make(), at=1)])
    [match] = found(database)
    assert (match["subject_id"], match["score"], match["state"]) == (product_id(TOY), 100, "suggested")
