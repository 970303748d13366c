"""Duties that fall due by the calendar: a plan in force says who owes which, and their clocks run from then on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import NamedTuple

import sqlalchemy as sa

from services.planning.handlers.clocks import note
from services.planning.model.acts import Moment, period_began, period_key
from services.planning.model.clocks import ClockState
from services.planning.model.periods import periods_of
from services.planning.model.plans import YearPlan
from services.planning.model.subjects import Subject, SubjectKind
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from services.planning.rules.reports_fall_due_by_the_calendar import PERIODIC
from services.planning.tables import clocks, moments
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.clock import HANOI
from shared.kernel.deadlines import due_at


class _Owed(NamedTuple):
    """One period's duty of one unit: what the clock is about, the beginning that starts it, and when it is due."""

    subject: Subject
    named: tuple[str, Moment]
    due_at: datetime


def begin(plan: YearPlan, before: YearPlan | None, uow: UnitOfWork) -> None:
    """Run the clocks of what a plan's units owe from its approval on, and stop those that only its earlier text asked for."""
    owed = list(_owed(plan, uow.now))
    to_come = [one for one in owed if one.due_at >= plan.approved_at]
    note([one.subject for one in to_come], [one.named for one in to_come], uow)
    if before is not None:
        still = {one.subject.subject_id for one in owed}
        _drop(uow.connection, sorted({one.subject.subject_id for one in _owed(before, uow.now)} - still))


def _owed(plan: YearPlan, now: datetime) -> Iterator[_Owed]:
    for owing in plan.duties:
        rule = PERIODIC[owing.duty]
        if rule.limit is None:
            continue
        for period, first in periods_of(plan.year, rule.limit, of_year_before=rule.of_year_before):
            began = datetime.combine(first, time.min, tzinfo=HANOI).astimezone(UTC)
            due = due_at(began, rule.limit, WORKING_DAYS)
            for who in owing.by or [plan.unit]:
                subject = Subject(
                    subject_id=period_key(owing.duty, who, period),
                    kind=SubjectKind.PERIODIC,
                    title=period,
                    unit=who,
                    unit_province=plan.unit_province if who == plan.unit else "",
                )
                known = Moment(began, max(now, plan.approved_at), subject.subject_id)
                yield _Owed(subject, (period_began(owing.duty), known), due)


def _drop(connection: sa.Connection, subject_ids: list[str]) -> None:
    """Forget the clocks that nobody has been told the end of."""
    still_running = sa.and_(clocks.c.subject_id.in_(subject_ids), clocks.c.state == str(ClockState.RUNNING))
    running = list(connection.scalars(sa.select(clocks.c.subject_id).where(still_running).with_for_update()))
    connection.execute(clocks.delete().where(clocks.c.subject_id.in_(running)))
    connection.execute(moments.delete().where(moments.c.about.in_(running)))
