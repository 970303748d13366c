"""However long the journal is, no question reads all of it: every plan searches by index."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from services.reporting import console, handlers, queries
from services.reporting.queries import Slice
from services.reporting.reports import By
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from tests.explaining import Plans, explained
from tests.unit.reporting.made_up import NOW, made_up_events, take_in

FIRST, LAST = date(2024, 2, 10), date(2025, 6, 20)
QUESTIONS: dict[str, Callable[[sa.Connection], Any]] = {
    "report": lambda connection: queries.report(connection, "violations", FIRST, LAST, By.PROVINCE, where=Slice(kind="x")),
    "report of a province": lambda connection: queries.report(connection, "violations", FIRST, LAST, where=Slice(province="46")),
    "report of decades": lambda connection: queries.report(connection, "violations", date(1990, 2, 10), LAST),
    "report by month": lambda connection: queries.report(connection, "violations", FIRST, LAST, By.MONTH),
    "cut-off": lambda connection: queries.report(connection, "violations", FIRST, LAST, cut_off=date(2025, 1, 1)),
    "totals": lambda connection: queries.totals(connection, FIRST, LAST),
    "totals at a cut-off": lambda connection: queries.totals(connection, FIRST, LAST, cut_off=date(2025, 1, 1)),
    "events": lambda connection: _two_pages(connection, Slice()),
    "events of a province": lambda connection: _two_pages(connection, Slice(province="46")),
    "overview": lambda connection: console.overview(connection, NOW, "vi"),
    "a new batch": lambda connection: handlers.journalise(
        made_up_events(20, seed=99), UnitOfWork(connection, "reporting", NOW, NOW)
    ),
    "month end": lambda connection: handlers.issue_finished_months(UnitOfWork(connection, "reporting", NOW, NOW)),
}


@pytest.fixture(params=[False, True], ids=["fresh", "analysed"])
def filled(database: Database, request: pytest.FixtureRequest) -> Database:
    """Some events, with and without the statistics a planner may have."""
    take_in(database, made_up_events(600))
    if request.param:
        with database.writing() as connection:
            connection.execute(sa.text("ANALYZE"))
    return database


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_scans_what_grows_with_the_events(filled: Database, question: str) -> None:
    """Neither the journal nor what is folded from it is read from end to end."""
    plans = _plans(filled, QUESTIONS[question])
    assert plans
    for statement, plan in plans:
        assert [step for step in plan if _scans(step)] == [], statement


def test_a_scan_would_be_noticed(filled: Database) -> None:
    """The check above can fail."""
    plans = _plans(filled, lambda connection: connection.execute(sa.text("select count(*) from journal where kind = 'x'")).all())
    assert any(_scans(step) for _, plan in plans for step in plan)


def test_figures_read_only_their_own_period(filled: Database) -> None:
    """The primary key leads to the figure, the grain and the days asked for, and no further."""
    ((_, plan), *_) = _plans(filled, QUESTIONS["report"])
    assert "USING PRIMARY KEY (generation=? AND indicator=? AND grain=? AND start=?)" in plan[0]
    ((_, plan), *_) = _plans(filled, QUESTIONS["report of a province"])
    assert "USING PRIMARY KEY (generation=? AND indicator=? AND grain=? AND start=? AND province=?)" in plan[0]
    ((_, plan),) = _plans(filled, lambda connection: queries.events_behind(connection, "violations", FIRST, LAST))
    assert "USING PRIMARY KEY (generation=? AND indicator=? AND day>? AND day<?)" in plan[0]
    assert any("journal_event (day=? AND key=?)" in step for step in plan)
    assert not any("TEMP B-TREE" in step for step in plan)


def _two_pages(connection: sa.Connection, where: Slice) -> None:
    page = queries.events_behind(connection, "activities", FIRST, LAST, where=where, limit=2)
    assert page.next
    queries.events_behind(connection, "activities", FIRST, LAST, where=where, limit=2, after=page.next)


def _scans(step: str) -> bool:
    # Latest notices walk the end of their own small index and stop after a few.
    if step == "SCAN journal USING INDEX journal_notices":
        return False
    return any(step.startswith(f"SCAN {table}") for table in ("journal", "points", "cells", "listings"))


def _plans(database: Database, ask: Callable[[sa.Connection], Any]) -> Plans:
    """Return each statement that ``ask`` runs, with its plan."""
    with database.rehearsing() as connection, explained() as plans:
        ask(connection)
    return plans
