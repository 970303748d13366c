"""Lists: what is open now, whatever came first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest

from services.reporting import queries
from shared.contracts.envelope import Event
from shared.contracts.inspection import CaseClosed, CaseOpened
from shared.contracts.notification import NoticeIssued
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed
from shared.database.engine import Database
from tests.unit.reporting.made_up import NOW, event_of, take_in


def case(number: int, *, closed: bool = False) -> Event[Any]:
    """Return the opening or the closing of a case."""
    sample = CaseClosed.sample() if closed else CaseOpened.sample()
    at = NOW + timedelta(hours=number, days=10 * closed)
    return event_of(msgspec.structs.replace(sample, case_id=f"CASE-{number}", observed_at=at), f"{number}-{closed}")


def clock(number: int, due: datetime, *, missed: bool = False, case_id: str = "") -> Event[Any]:
    """Return the announcement or the missing of a clock."""
    sample = DeadlineMissed.sample() if missed else DeadlineApproaching.sample()
    changed = msgspec.structs.replace(sample, clock_id=f"CLOCK-{number}", due_at=due, case_id=case_id, observed_at=NOW)
    return event_of(changed, f"clock-{number}-{missed}")


def open_cases(database: Database, limit: int = 10) -> tuple[list[str], int]:
    """Return the ids of the open cases shown, and the number of all."""
    with database.reading() as connection:
        found, count = queries.open_cases(connection, limit)
    return [one.case_id for one in found], count


def clocks_due(database: Database, now: datetime = NOW) -> list[str]:
    """Return the ids of the clocks shown."""
    with database.reading() as connection:
        found, count = queries.clocks_due(connection, now, 10)
    assert count == len(found)
    return [one.clock_id for one in found]


def test_open_cases_are_those_not_closed(database: Database) -> None:
    """The newest first, and counted in all even when few are shown."""
    take_in(database, [case(1), case(2), case(3), case(4), case(2, closed=True)])
    assert open_cases(database) == (["CASE-4", "CASE-3", "CASE-1"], 3)
    assert open_cases(database, limit=1) == (["CASE-4"], 3)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("batch", [1, 3])
def test_a_closing_may_come_before_its_opening(database: Database, order: Sequence[int], batch: int) -> None:
    """In any order and any batches only the case without a closing is open."""
    events = [case(1), case(1, closed=True), case(2)]
    take_in(database, [events[index] for index in order], batch=batch)
    assert open_cases(database) == (["CASE-2"], 1)


def test_clocks_due(database: Database) -> None:
    """The next to run out first; without those that were missed, ran out, or whose case is closed."""
    soon, later = NOW + timedelta(hours=2), NOW + timedelta(days=3)
    take_in(
        database,
        [
            clock(1, later),
            clock(2, soon),
            clock(3, soon),
            clock(3, soon, missed=True),
            clock(4, NOW - timedelta(minutes=1)),
            clock(5, soon, case_id="CASE-1"),
            case(1, closed=True),
            clock(6, later, case_id="CASE-2"),
            case(2),
        ],
    )
    assert clocks_due(database) == ["CLOCK-2", "CLOCK-1", "CLOCK-6"]
    assert clocks_due(database, later + timedelta(seconds=1)) == []


def test_latest_notices(database: Database) -> None:
    """The newest first, by legal time and not by arrival."""
    sample = NoticeIssued.sample()
    hours = (5, 1, 9, 3)
    take_in(
        database,
        [
            event_of(msgspec.structs.replace(sample, notice_id=f"N-{hour}", observed_at=NOW + timedelta(hours=hour)), f"n{hour}")
            for hour in hours
        ]
        + [case(1)],
    )
    with database.reading() as connection:
        assert [one.notice_id for one in queries.latest_notices(connection, 3)] == ["N-9", "N-5", "N-3"]
