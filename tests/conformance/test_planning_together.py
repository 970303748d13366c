"""Two copies of planning on one PostgreSQL: what they do at the same moment comes out as if one had come after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from services.planning import handlers
from services.planning.handlers import clocks, drafts
from services.planning.handlers.plans import approve
from services.planning.handlers.selections import Selected, select
from services.planning.model.drafts import NewDraft
from services.planning.model.targeting import Capacity, SelectionOrder
from services.planning.tables import clocks as clock_rows
from services.planning.tables import progress
from shared.contracts.codec import decode
from shared.contracts.partners import Activity, DraftKind
from shared.contracts.planning import DeadlineMissed, DraftMoved
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.tables import outbox
from tests.conformance.copies import meanwhile
from tests.unit.planning.story import Story, hanoi, survey
from tests.unit.planning.test_progress import INSPECTIONS, plan
from tests.unit.planning.test_selection import history

pytestmark = pytest.mark.server("postgresql")

NOW = hanoi("2025-03-11T09:30:00")


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    """Give the planning database, migrated."""
    database = Database(postgresql_url, "planning")
    migrate(database)
    yield database
    database.close()


@contextmanager
def transaction(database: Database, now: datetime = NOW) -> Iterator[UnitOfWork]:
    """Give one copy's unit of work."""
    with database.writing() as connection:
        uow = UnitOfWork(connection, "planning", now, now)
        yield uow
        uow.flush()


def done(database: Database) -> list[int]:
    """Return how far the items are."""
    with database.reading() as connection:
        return list(connection.scalars(sa.select(progress.c.done)))


def missed(database: Database) -> list[str]:
    """Return the clocks whose miss was published."""
    with database.reading() as connection:
        bodies = connection.scalars(sa.select(outbox.c.body).where(outbox.c.type == DeadlineMissed.type))
        return [decode(body.encode()).data.clock_id for body in bodies]


def test_an_activity_beside_an_approval_counts(database: Database) -> None:
    """The batch has read which plans there are, and commits only after the approval was asked for."""

    def approval() -> None:
        with transaction(database) as uow:
            approve(plan({"counts": INSPECTIONS}), uow)

    with transaction(database) as uow:
        handlers.react([survey(1, "2025-03-01T08:00:00", Activity.INSPECTION)], uow)
        end = meanwhile(approval)
    end()
    assert done(database) == [1]


def test_an_activity_after_the_approval_has_counted_its_own_counts(database: Database) -> None:
    """The approval has added up what there is, and commits only after the batch was begun."""

    def batch() -> None:
        with transaction(database) as uow:
            handlers.react([survey(1, "2025-03-01T08:00:00", Activity.INSPECTION)], uow)

    with transaction(database) as uow:
        approve(plan({"counts": INSPECTIONS}), uow)
        end = meanwhile(batch)
    end()
    assert done(database) == [1]


@pytest.mark.parametrize("first_half", ["start", "case", "act"])
def test_two_copies_at_one_case_leave_what_both_know(database: Database, first_half: str) -> None:
    """The finding, the case and the measure that reports it come to two copies at once: the clock is met."""
    story = Story(1)
    events = {
        "start": story.violation("2025-03-11T08:00:00"),
        "case": story.opened("2025-03-11T08:00:00"),
        "act": story.measure("2025-03-11T09:00:00"),
    }
    mine = events.pop(first_half)

    def others() -> None:
        with transaction(database) as uow:
            handlers.react(list(events.values()), uow)

    with transaction(database) as uow:
        handlers.react([mine], uow)
        end = meanwhile(others)
    end()
    with database.reading() as connection:
        found = {row.duty: row.state for row in connection.execute(sa.select(clock_rows))}
    assert found == {"report_to_agency": "met", "handling_decision": "running"}


def test_two_copies_announce_each_miss_once(database: Database) -> None:
    """While one copy announces, the other passes over what it holds, and neither waits."""
    with transaction(database) as uow:
        stories = [Story(number) for number in range(1, 4)]
        handlers.react(
            [make for one in stories for make in (one.violation("2025-03-11T08:00:00"), one.opened("2025-03-11T08:00:00"))], uow
        )
    later = hanoi("2025-03-13T00:00:00")

    def announce() -> None:
        with transaction(database, later) as uow:
            clocks.announce(uow)

    with transaction(database, later) as uow:
        clocks.announce(uow)
        meanwhile(announce)()
    announce()
    told = missed(database)
    assert len(told) == len(set(told)) == 3


def test_an_act_beside_an_announcement_is_not_lost(database: Database) -> None:
    """The act waits for the announcement and then corrects it: missed was said, met in time is known."""
    story = Story(1)
    with transaction(database) as uow:
        handlers.react([story.violation("2025-03-11T08:00:00"), story.opened("2025-03-11T08:00:00")], uow)
    later = hanoi("2025-03-13T00:00:00")

    def act() -> None:
        with transaction(database, later) as uow:
            handlers.react([story.measure("2025-03-11T09:00:00", at="2025-03-13T00:00:00")], uow)

    with transaction(database, later) as uow:
        clocks.announce(uow)
        end = meanwhile(act)
    end()
    with database.reading() as connection:
        states = {row.duty: row.state for row in connection.execute(sa.select(clock_rows))}
    assert states["report_to_agency"] == "met_recorded_late"
    assert len(missed(database)) == 1


def test_a_draft_that_two_take_in_at_once_is_planned_once(database: Database) -> None:
    """A request that was sent twice does not put a second draft into the figures."""
    new = NewDraft(draft_id="QCVN 99:2026/BKHCN", kind=DraftKind.NATIONAL_REGULATION, title="Dự thảo mẫu", unit="SAMPLE-UNIT")
    taken: list[bool] = []

    def again() -> None:
        with transaction(database, NOW + timedelta(seconds=1)) as uow:
            taken.append(drafts.register(new, uow))

    with transaction(database) as uow:
        taken.append(drafts.register(new, uow))
        end = meanwhile(again)
    end()
    assert taken == [True, False]
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(outbox.c.type == DraftMoved.type)) == 1


def test_visits_that_two_choose_at_once_are_chosen_once(database: Database) -> None:
    """Who comes second is told that the province's visits of the month stand."""
    with transaction(database) as uow:
        handlers.react(history(), uow)
    order = SelectionOrder(month="2025-04", capacity=Capacity(provinces={"46": 2}))
    selected: list[Selected] = []

    def again() -> None:
        with transaction(database) as uow:
            selected.append(select(order, uow))

    with transaction(database) as uow:
        selected.append(select(order, uow))
        end = meanwhile(again)
    end()
    assert [(one.chosen, one.standing) for one in selected] == [(2, []), (0, ["46"])]
