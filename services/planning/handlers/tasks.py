"""Tasks: taken up from directives, set by units themselves, done, and sent back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.planning.handlers.clocks import note
from services.planning.model.acts import TASK_DONE, TASK_DUE, TASK_RETURNED, Moment
from services.planning.model.subjects import Subject, SubjectKind, key
from services.planning.model.tasks import Doing, NewTask, Returning, Task, TaskSource, TaskState
from services.planning.rules.directive_that_arrives_late_goes_back import reason_to_return
from services.planning.tables import task_ends, tasks
from shared.contracts.envelope import Event
from shared.contracts.partners import DirectiveAnswered, DirectiveReceived
from shared.contracts.planning import DirectiveReturned, TaskAssigned, TaskDone
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_new
from shared.kernel.errors import Conflict, NotFound


def take_up(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Make tasks of the directives in a batch; those that came after their own time go back at once."""
    given = {event.data.directive_id: event for event in events if event.type == DirectiveReceived.type}
    new = {row["task_id"] for row in insert_new(uow.connection, tasks, [_task_row(_task(one.data)) for one in given.values()])}
    ends = [
        _end(event.data.directive_id, TaskState.DONE, event.data.observed_at, note=event.data.number)
        for event in events
        if event.type == DirectiveAnswered.type
    ]
    for task_id, event in given.items():
        reason = reason_to_return(event.data, event.time)
        if reason is not None and task_id in new:
            returned_at = uow.acted_at(event)
            ends.append(_end(task_id, TaskState.RETURNED, returned_at, reason=reason))
            returned = DirectiveReturned(
                observed_at=returned_at, reason=reason, **_about(_task(event.data)), **_paper(_task(event.data))
            )
            uow.emit(returned, cause=event)
    insert_new(uow.connection, task_ends, ends)


def assign(new: NewTask, uow: UnitOfWork) -> bool:
    """Give a unit a task it set itself; tell whether it is new. Raises ``Conflict`` when the id is another task's."""
    task = Task(
        task_id=new.task_id,
        source=TaskSource.OWN,
        title=new.title,
        unit=new.unit,
        unit_province=new.unit_province,
        given_at=uow.now,
        due_at=new.due_at,
        note=new.note,
    )
    if not insert_new(uow.connection, tasks, [_task_row(task)]):
        known = _load(new.task_id, uow)
        same = (known.source, known.title, known.unit, known.due_at) == (task.source, task.title, task.unit, task.due_at)
        if not same:
            raise Conflict(f"{new.task_id!r} is the id of another task; choose one of its own")
        return False
    about = key(SubjectKind.TASK, task.task_id)
    subject = Subject(subject_id=about, kind=SubjectKind.TASK, title=task.title, unit=task.unit, unit_province=task.unit_province)
    note([subject], [(TASK_DUE, Moment(task.due_at, uow.now, about))] if task.due_at is not None else [], uow)
    uow.emit(TaskAssigned(observed_at=uow.now, due_at=task.due_at, **_about(task)), key=task.task_id)
    return True


def finish(task_id: str, doing: Doing, uow: UnitOfWork) -> None:
    """Say that a task was done; saying it again changes nothing."""
    task = _load(task_id, uow)
    if _ended(task, TaskState.DONE, uow, officer=doing.by, note_=doing.note):
        uow.emit(TaskDone(observed_at=uow.now, by=doing.by, note=doing.note, **_about(task)), key=task_id)


def give_back(task_id: str, returning: Returning, uow: UnitOfWork) -> None:
    """Send a directive back with a reason; saying it again changes nothing. Raises ``Conflict`` for one's own or a done one."""
    task = _load(task_id, uow)
    if task.source is not TaskSource.DIRECTIVE:
        raise Conflict(f"task {task_id!r} came from no superior: there is nobody to return it to")
    done = sa.select(task_ends.c.ended_at).where(task_ends.c.task_id == task_id, task_ends.c.state == str(TaskState.DONE))
    if uow.connection.execute(done).first() is not None:
        raise Conflict(f"task {task_id!r} was done: it cannot be sent back any more")
    if _ended(task, TaskState.RETURNED, uow, officer=returning.by, reason=returning.reason, note_=returning.note):
        returned = DirectiveReturned(
            observed_at=uow.now, reason=returning.reason, by=returning.by, note=returning.note, **_about(task), **_paper(task)
        )
        uow.emit(returned, key=task_id)


# ---------------------------------------------------------------------------------------------------------------------


def _ended(task: Task, state: TaskState, uow: UnitOfWork, *, officer: str, note_: str, reason: str = "") -> bool:
    end = _end(task.task_id, state, uow.now, officer=officer, reason=reason, note=note_)
    if not insert_new(uow.connection, task_ends, [end]):
        return False
    act = TASK_DONE if state is TaskState.DONE else TASK_RETURNED
    note([], [(act, Moment(uow.now, uow.now, key(SubjectKind.TASK, task.task_id)))], uow)
    return True


def _load(task_id: str, uow: UnitOfWork) -> Task:
    row = uow.connection.execute(sa.select(tasks).where(tasks.c.task_id == task_id)).mappings().first()
    if row is None:
        raise NotFound(f"no task {task_id!r}")
    return Task(**{**row, "source": TaskSource(row["source"])})


def _task(directive: DirectiveReceived) -> Task:
    return Task(
        task_id=directive.directive_id,
        source=TaskSource.DIRECTIVE,
        number=directive.number,
        issuer=directive.issuer,
        title=directive.title,
        unit=directive.unit,
        unit_province=directive.unit_province,
        given_at=directive.observed_at,
        due_at=directive.due_at,
        note=directive.note,
    )


def _task_row(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in Task.__struct_fields__} | {"source": str(task.source)}


def _end(
    task_id: str, state: TaskState, ended_at: datetime, *, officer: str = "", reason: str = "", note: str = ""
) -> dict[str, Any]:
    told = {"officer": officer, "reason": str(reason), "note": note}
    return {"task_id": task_id, "state": str(state), "ended_at": ended_at, **told}


def _about(task: Task) -> Any:
    return {"task_id": task.task_id, "title": task.title, "unit": task.unit, "unit_province": task.unit_province}


def _paper(task: Task) -> Any:
    return {"number": task.number, "issuer": task.issuer}
