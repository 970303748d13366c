"""``chuan plan task``: what superiors ask for, and what units set themselves."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from typing import Annotated
from urllib.parse import quote

import typer

from services.cli.databases import reading, settings_of
from services.cli.options import AsJson, DataFolder, Officer, Url, day
from services.cli.orders import carry_out, well_formed
from services.cli.output import local, print_json, print_table
from services.planning.handlers import tasks
from services.planning.model.tasks import Doing, NewTask, Returning, TaskState
from services.planning.queries.tasks import tasks_given
from shared.contracts.planning import ReturnReason
from shared.kernel.clock import HANOI

task = typer.Typer(help="Tasks from directives, and those a unit sets itself.")

TaskId = Annotated[str, typer.Argument(help="The task's id; a directive's own.", metavar="TASK")]
Note = Annotated[str, typer.Option("--note", help="A remark.")]


@task.callback()
def _group() -> None:
    """Tasks from directives, and those a unit sets itself."""


@task.command("list")
def list_(
    unit: Annotated[str, typer.Option("--unit", help="Only this unit's.")] = "",
    state: Annotated[TaskState | None, typer.Option("--state", help="Only those that stand so.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many.")] = 100,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List tasks, the latest given first.

    Example: chuan plan task list --state open
    """
    with reading(settings_of(data), "planning") as connection:
        found = tasks_given(connection, unit=unit, state=state, limit=limit)
    if as_json:
        print_json(found)
        return
    print_table(
        ("task", "title", "unit", "due", "state", "reason"),
        [
            [
                row["task_id"],
                row["title"],
                row["unit"],
                local(row["due_at"]) if row["due_at"] else "",
                row["state"],
                row["reason"],
            ]
            for row in found
        ],
    )


@task.command()
def add(
    task_id: TaskId,
    title: Annotated[str, typer.Argument(help="What is to be done.", metavar="TITLE")],
    unit: Annotated[str, typer.Option("--unit", help="The unit that does it.")],
    due: Annotated[date | None, typer.Option("--due", parser=day, help="The last day for it.", metavar="DAY")] = None,
    province: Annotated[str, typer.Option("--province", help="The unit's province.")] = "",
    note: Note = "",
    url: Url = "",
    data: DataFolder = None,
) -> None:
    """Set a unit a task beside its plan.

    Example: chuan plan task add DX-01 "Kiểm tra theo phản ánh" --unit SAMPLE-UNIT-46 --due 2025-03-20
    """
    due_at = datetime.combine(due, time(23, 59, 59), HANOI) if due is not None else None
    given = {"task_id": task_id, "title": title, "unit": unit, "unit_province": province, "due_at": due_at, "note": note}
    wanted = well_formed(given, NewTask)
    carry_out(partial(tasks.assign, wanted), "/v1/tasks", wanted, service="planning", url=url, data=data, begins=True)
    print(f"{task_id}: assigned to {unit}")


@task.command()
def done(task_id: TaskId, by: Officer, note: Note = "", url: Url = "", data: DataFolder = None) -> None:
    """Say that a task was done.

    Example: chuan plan task done DX-01 --by "Phòng Quản lý đo lường (mẫu)"
    """
    doing = well_formed({"by": by, "note": note}, Doing)
    path = f"/v1/tasks/{quote(task_id, safe='')}/done"
    carry_out(partial(tasks.finish, task_id, doing), path, doing, service="planning", url=url, data=data)
    print(f"{task_id}: done")


@task.command("return")
def return_(
    task_id: TaskId,
    by: Officer,
    reason: Annotated[ReturnReason, typer.Option("--reason", help="Why.")] = ReturnReason.WRONG_RECIPIENT,
    note: Note = "",
    url: Url = "",
    data: DataFolder = None,
) -> None:
    """Send a directive back to where it came from.

    Example: chuan plan task return SAMPLE-DIRECTIVE-0001 --by "Văn thư (mẫu)" --note "Thuộc thẩm quyền của Sở"
    """
    returning = well_formed({"by": by, "reason": reason, "note": note}, Returning)
    path = f"/v1/tasks/{quote(task_id, safe='')}/return"
    carry_out(partial(tasks.give_back, task_id, returning), path, returning, service="planning", url=url, data=data)
    print(f"{task_id}: returned, {reason}")
