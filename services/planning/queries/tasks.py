"""Tasks and how they stand."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.planning.model.tasks import TaskState
from services.planning.tables import task_ends, tasks

Row = dict[str, Any]


def tasks_given(connection: sa.Connection, *, unit: str = "", state: TaskState | None = None, limit: int = 100) -> list[Row]:
    """Return tasks, the latest given first, with how they ended: done before returned, where both were said."""
    done, returned = (task_ends.alias(str(one)) for one in (TaskState.DONE, TaskState.RETURNED))
    state_now = sa.case(
        (done.c.task_id.is_not(None), TaskState.DONE.value),
        (returned.c.task_id.is_not(None), TaskState.RETURNED.value),
        else_=TaskState.OPEN.value,
    )
    ended = [sa.func.coalesce(done.c[name], returned.c[name]).label(name) for name in ("ended_at", "officer", "reason")]
    ending = sa.func.coalesce(done.c.note, returned.c.note).label("end_note")
    found = (
        sa.select(tasks, state_now.label("state"), *ended, ending)
        .outerjoin(done, sa.and_(done.c.task_id == tasks.c.task_id, done.c.state == TaskState.DONE.value))
        .outerjoin(returned, sa.and_(returned.c.task_id == tasks.c.task_id, returned.c.state == TaskState.RETURNED.value))
        .order_by(tasks.c.given_at.desc(), tasks.c.task_id)
        .limit(limit)
    )
    if unit:
        found = found.where(tasks.c.unit == unit)
    if state is not None:
        found = found.where(state_now == state.value)
    return [dict(row) for row in connection.execute(found).mappings()]
