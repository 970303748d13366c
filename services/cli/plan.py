"""``chuan plan``: year plans from files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from services.cli.databases import reading, settings_of, today
from services.cli.options import AsJson, DataFolder, Officer, Url
from services.cli.orders import carry_out, well_formed
from services.cli.output import print_json, print_table
from services.cli.plan_tasks import task
from services.planning import queries
from services.planning.handlers import explanations
from services.planning.handlers.plans import Approval, approve, check_units
from services.planning.model.plans import Change
from services.planning.model.tasks import Explanation
from services.planning.plan_file import MAX_BYTES, read_plan
from services.planning.queries import year_plans
from services.planning.queries.duties import duties as all_duties
from shared.organisation.file import read_organisation
from shared.typed_files import in_file

plan = typer.Typer(help="Year plans, tasks and statutory time limits.")
plan.add_typer(task, name="task")

PlanId = Annotated[str, typer.Argument(help="The plan's id.", metavar="PLAN")]


@plan.callback()
def _group() -> None:
    """Year plans, tasks and statutory time limits."""


@plan.command()
def load(
    file: Annotated[Path, typer.Argument(help="A plan as YAML or JSON.", metavar="FILE", exists=True, dir_okay=False)],
    url: Url = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Put a year plan into force, from the day it was approved on. A changed plan is its next revision.

    With `revises: 2` in it a text is taken only while revision 2 is in force: nobody's change is lost for another's.

    Without --url it is stored in the data folder; what follows from it is published when chuan starts next.

    Example: chuan plan load plan-2025.yaml --data .chuan
    """
    with in_file(file), file.open("rb") as source:
        wanted = read_plan(source.read(MAX_BYTES + 1))
    if not url:
        check_units(wanted, read_organisation(settings_of(data).organisation))
    do = partial(approve, wanted)
    approval: Approval = carry_out(do, "/v1/plans", wanted, service="planning", url=url, data=data, begins=True, answer=Approval)
    if as_json:
        print_json(approval)
    else:
        state = "in force" if approval.new else "was in force already"
        print(f"{approval.plan_id}: revision {approval.revision} {state}, {len(wanted.items())} items")


@plan.command("list")
def list_(
    year: Annotated[int | None, typer.Option("--year", help="Only plans of this year.")] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List the plans in force.

    Example: chuan plan list --year 2025
    """
    with reading(settings_of(data), "planning") as connection:
        found = queries.plans_in_force(connection, year)
    if as_json:
        print_json(found)
    else:
        columns = ("plan_id", "year", "unit", "revision", "items", "items_reached")
        print_table(columns, [[row[name] for name in columns] for row in found])


@plan.command()
def show(plan_id: PlanId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Show how far a plan is: its items, and what they come to for each programme and in all.

    An item that its year ended without reaching is marked `explain` until somebody has explained it.

    Example: chuan plan show SAMPLE-HUE-2025
    """
    settings = settings_of(data)
    with reading(settings, "planning") as connection:
        found = year_plans.plan(connection, plan_id, today(settings))
    if as_json:
        print_json(found)
        return
    print(f"{found['title']} ({found['year']})")
    print(f"revision {found['revision']} of {found['approved_on']} {found['approved_by']}".rstrip())
    print_table(
        ("task", "item", "title", "lead", "budget VND", "target", "done", ""),
        [
            [
                task["id"],
                item["id"],
                item["title"],
                item["lead"],
                f"{item['budget']:,}",
                item["target"],
                item["done"],
                _mark(item),
            ]
            for task in found["key_tasks"]
            for item in task["items"]
        ],
    )
    print()
    sums = [*found["programmes"], {"name": "total", **found["total"]}]
    print_table(
        ("programme", "items", "reached", "done", "budget VND"),
        [[one["name"], one["items"], one["items_reached"], one["done"], f"{one['budget']:,}"] for one in sums],
    )


def _mark(item: dict[str, Any]) -> str:
    if item["unexplained"]:
        return "explain"
    return "reached" if item["reached"] else "explained" if item["explanation"] else ""


@plan.command()
def forecast(plan_id: PlanId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Tell what each item will come to at its pace so far.

    The year goes on as it began, by working days gone, or as last year was spread over its months where that is known.
    Early in the year nothing is said.

    Example: chuan plan forecast SAMPLE-HUE-2025
    """
    settings = settings_of(data)
    with reading(settings, "planning") as connection:
        found = year_plans.forecast(connection, plan_id, today(settings))
    if as_json:
        print_json(found)
        return
    columns = ("id", "title", "target", "done", "projected", "outlook", "basis")
    print_table(columns, [[item[name] for name in columns] for item in found["items"]])


@plan.command()
def revisions(plan_id: PlanId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """List every text of a plan that was in force, the newest first.

    Example: chuan plan revisions SAMPLE-HUE-2025
    """
    with reading(settings_of(data), "planning") as connection:
        found = year_plans.revisions(connection, plan_id)
    if as_json:
        print_json(found)
        return
    columns = ("revision", "approved_on", "approved_by", "reason")
    print_table((*columns, "changes"), [[*(row[name] for name in columns), _told(row["changes"])] for row in found])


def _told(changes: list[Change]) -> str:
    return ", ".join(f"{one.item_id} {one.what}" for one in changes)


@plan.command()
def explain(
    plan_id: PlanId,
    item_id: Annotated[str, typer.Argument(help="The item that was not reached.", metavar="ITEM")],
    text: Annotated[str, typer.Argument(help="Why.", metavar="TEXT")],
    by: Officer,
    url: Url = "",
    data: DataFolder = None,
) -> None:
    """Explain why an item was not reached; the newest explanation counts.

    Example: chuan plan explain SAMPLE-HUE-2025 steel "Không có lô thép nào tại địa bàn" --by "Chi cục trưởng (mẫu)"
    """
    given = well_formed({"by": by, "text": text}, Explanation)
    path = f"/v1/plans/{quote(plan_id, safe='')}/items/{quote(item_id, safe='')}/explanation"
    do = partial(explanations.explain, plan_id, item_id, given)
    carry_out(do, path, given, service="planning", url=url, data=data)
    print(f"{plan_id} {item_id}: explained")


@plan.command()
def duties(as_json: AsJson = False) -> None:
    """List the statutory time limits: the clock that runs for each, or why none can.

    Example: chuan plan duties
    """
    found = all_duties()
    if as_json:
        print_json(found)
        return
    columns = ("row", "duty", "limit", "what", "source", "checked")
    print_table(
        columns,
        [
            [
                one.row,
                one.duty or "(no clock)",
                one.limit or one.why_en,
                one.vi,
                one.source,
                "yes" if one.verified else "not verified",
            ]
            for one in found
        ],
    )
