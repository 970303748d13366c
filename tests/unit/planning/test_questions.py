"""However much there is, no question of planning reads a whole table that grows: neither a batch's nor a reader's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.planning import queries
from services.planning.handlers.tbt_notifications import rule_out
from services.planning.model.clocks import ClockState
from services.planning.model.drafts import RulingOut
from services.planning.model.tasks import TaskState
from services.planning.queries import drafts, work
from services.planning.queries.tasks import tasks_given
from services.planning.tables import draft_steps, metadata
from services.planning.tables import drafts as draft_rows
from shared.contracts.partners import DraftKind, DraftStage
from shared.contracts.planning import NotNotified
from shared.database.upsert import insert_all
from tests.explaining import explained, whole_tables
from tests.unit.planning.story import Planning, Story, hanoi
from tests.unit.planning.test_draft_rules import SENT, STANDARD_PATH
from tests.unit.planning.test_drafts import advance, circulated, register, told

K, S = DraftKind, DraftStage
GROWING = [name for name in metadata.tables if name not in ("plans", "plan_items")]

# Each question with the index that answers it: no more is read than is shown, or than is asked for by name.
QUESTIONS: dict[str, tuple[Callable[[sa.Connection], Any], str]] = {
    "drafts": (drafts.drafts_listed, "drafts_moved"),
    "drafts of a kind": (lambda connection: drafts.drafts_listed(connection, kind=K.NATIONAL_STANDARD), "drafts_kind (kind=?)"),
    "drafts at a stage": (lambda connection: drafts.drafts_listed(connection, stage=S.ISSUED), "drafts_stage (stage=?)"),
    "drafts of a unit": (lambda connection: drafts.drafts_listed(connection, unit="U-7"), "drafts_unit (unit=?)"),
    "a draft": (lambda connection: drafts.draft(connection, "D-1", hanoi(SENT)), "drafts_1 (draft_id=?)"),
    "tasks": (tasks_given, "tasks_given"),
    "open tasks of a unit": (lambda connection: tasks_given(connection, unit="U-7", state=TaskState.OPEN), "tasks_unit (unit=?)"),
    "work of a year": (lambda connection: work.work(connection, 2025, unit="U-7"), "PRIMARY KEY (year=?)"),
    "clocks that run": (lambda connection: queries.clocks_due(connection, state=ClockState.RUNNING), "clocks_state (state=?)"),
    "proposals": (queries.proposed, "proposals_time"),
    "visits of a month": (lambda connection: queries.proposed(connection, month=date(2025, 4, 1)), "proposals_month (month=?)"),
    "risk in a province": (
        lambda connection: queries.risky_sites(connection, date(2025, 6, 1), province="46"),
        "site_signals_province (province=? AND day>? AND day<?)",
    ),
}


@pytest.fixture(scope="module", params=[False, True], ids=["fresh", "analysed"])
def filled(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Planning]:
    """Planning with many drafts and a few of the rest, with and without the statistics a planner may have."""
    planning = Planning(tmp_path_factory.mktemp("filled"))
    planning.react(*(told(stage, at) for stage, at in STANDARD_PATH[:6]), Story(1).violation("2025-03-11T09:00:00"))
    [draft], [step, *_] = planning.rows(draft_rows), planning.rows(draft_steps)
    stages, first = list(S), draft["stage_at"]
    with planning.database.writing() as connection:
        for table, row in ((draft_rows, draft), (draft_steps, step)):
            several = [{**row, "draft_id": f"D-{number}"} for number in range(2, 1002)]
            if table is draft_rows:
                for number, one in enumerate(several):
                    one |= {"unit": f"U-{number % 40}", "stage": str(stages[number % len(stages)])}
                    one |= {"stage_at": first + timedelta(hours=number)}
            insert_all(connection, table, several)
        if request.param:
            connection.execute(sa.text("ANALYZE drafts"))
            connection.execute(sa.text("ANALYZE draft_steps"))
    yield planning
    planning.database.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_asked_is_found_by_its_index(filled: Planning, question: str) -> None:
    """Nothing is read from end to end, nor sorted as a whole to find its beginning."""
    ask, index = QUESTIONS[question]
    with filled.database.reading() as connection, explained() as plans:
        ask(connection)
    assert whole_tables(plans, *GROWING) == []
    assert any(index in step for _, plan in plans for step in plan), plans
    if question.startswith("drafts"):
        assert not [step for _, plan in plans for step in plan if step.endswith("B-TREE FOR ORDER BY")]


def test_what_moves_a_draft_is_found_by_its_key(filled: Planning) -> None:
    """A batch of stages, an officer's registration and advance, a circulation, a ruling and the clocks that fall due."""
    with explained() as plans:
        filled.react(told(S.SENT_FOR_COMMENTS, SENT, K.NATIONAL_REGULATION, draft_id="R-1", affects_trade=True))
        filled.react(circulated("2025-03-20T09:00:00"))
        register(filled, "2025-03-01T08:00:00", unit="U-7")
        advance(filled, "2026-06-01T08:00:00", S.ANNOUNCED)
        with filled.transaction(hanoi("2025-06-02T08:00:00")) as uow:
            rule_out("R-1", RulingOut(reason=NotNotified.NO_SIGNIFICANT_EFFECT, by="Văn phòng TBT (mẫu)"), uow)
    assert whole_tables(plans, *GROWING) == []
    asked = " ".join(statement for statement, _ in plans)
    assert all(f"FROM {table}" in asked for table in ("drafts", "draft_steps", "draft_notifications", "clocks"))


def test_a_scan_would_be_noticed(filled: Planning) -> None:
    """The checks above can fail."""
    with filled.database.reading() as connection, explained() as plans:
        connection.execute(sa.select(draft_rows.c.title))
    assert whole_tables(plans, *GROWING)
