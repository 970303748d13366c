"""Year plans: how far they are, what they will come to, and how their texts changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from services.planning.handlers.progress import Goal, goal_of, read_activity
from services.planning.model.plans import Item, KeyTask, YearPlan, changes_between
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from services.planning.rules.pace_so_far_foretells_the_year import foretell, last_year_by_now, working_days_gone
from services.planning.tables import activities, explanations, plan_items, plan_revisions, plans, progress
from shared.kernel.errors import NotFound

Row = dict[str, Any]


def plan(connection: sa.Connection, plan_id: str, on: date) -> Row:
    """Return a plan with the progress of every item, key task and programme; raise ``NotFound`` for an unknown one.

    An item whose year was over on the day ``on`` and that was not reached is ``unexplained`` until somebody explains it.
    """
    revision, body = _in_force(connection, plan_id)
    done = _done(connection, plan_id)
    explained = _explained(connection, plan_id)
    tasks = [_task(body, task, done, explained, is_over=on.year > body.year) for task in body.key_tasks]
    items = [item for task in tasks for item in task["items"]]
    return {
        "plan_id": body.plan_id,
        "title": body.title,
        "unit": body.unit,
        "unit_province": body.unit_province,
        "year": body.year,
        "approved_on": body.approved_on,
        "approved_by": body.approved_by,
        "revision": revision,
        "reason": body.reason,
        "legal_basis": body.legal_basis,
        "budget": body.budget,
        "key_tasks_reached": sum(task["reached"] for task in tasks),
        "key_tasks": tasks,
        "programmes": [_sum(items, name) for name in sorted({one for item in items for one in item["programmes"]})],
        "total": _sum(items),
        "duties": body.duties,
    }


def _task(plan: YearPlan, task: KeyTask, done: Mapping[str, int], explained: Mapping[str, Row], *, is_over: bool) -> Row:
    lead = task.lead or plan.unit
    items = [_item(item, lead, done.get(item.id, 0), explained.get(item.id), is_over=is_over) for item in task.items]
    return {
        "id": task.id,
        "title": task.title,
        "lead": lead,
        "cooperating": task.cooperating,
        "legal_basis": task.legal_basis,
        "budget": sum(item.budget for item in task.items),
        "reached": all(item["reached"] for item in items),
        "items": items,
    }


def _item(item: Item, lead: str, done: int, explanation: Row | None, *, is_over: bool) -> Row:
    reached = done >= item.target
    return {
        "id": item.id,
        "title": item.title,
        "lead": item.lead or lead,
        "cooperating": item.cooperating,
        "legal_basis": item.legal_basis,
        "budget": item.budget,
        "ad_hoc": item.ad_hoc,
        "target": item.target,
        "done": done,
        "reached": reached,
        "missed": is_over and not reached,
        "unexplained": is_over and not reached and explanation is None,
        "explanation": explanation,
        "programmes": item.programmes,
        "counts": item.counts,
    }


def _sum(items: Iterable[Row], programme: str = "") -> Row:
    """Return what items come to in all, or those of one programme.

    An item that serves several programmes counts once for each of them, and once in the total.
    """
    of_it = [item for item in items if not programme or programme in item["programmes"]]
    figures = {
        "items": len(of_it),
        "items_reached": sum(item["reached"] for item in of_it),
        "done": sum(item["done"] for item in of_it),
        "budget": sum(item["budget"] for item in of_it),
    }
    return {"name": programme, **figures} if programme else figures


def revisions(connection: sa.Connection, plan_id: str) -> list[Row]:
    """Return every text of a plan that was in force, the newest first, with its reason and what became of the items."""
    found = sa.select(plan_revisions).where(plan_revisions.c.plan_id == plan_id).order_by(plan_revisions.c.revision)
    rows = list(connection.execute(found))
    if not rows:
        raise NotFound(f"no plan {plan_id!r}")
    bodies = [msgspec.json.decode(row.body, type=YearPlan) for row in rows]
    shown = []
    for row, before, body in zip(rows, [None, *bodies], bodies, strict=False):
        approval = {"approved_on": body.approved_on, "approved_by": body.approved_by, "recorded_at": row.recorded_at}
        changes = changes_between(before, body) if before is not None else []
        shown.append({"revision": row.revision, **approval, "reason": body.reason, "budget": body.budget, "changes": changes})
    return shown[::-1]


def forecast(connection: sa.Connection, plan_id: str, on: date) -> Row:
    """Return what each item of a plan will come to at its pace so far, as it looks on the day ``on``."""
    _, body = _in_force(connection, plan_id)
    goals = [goal_of(row) for row in connection.execute(sa.select(plan_items).where(plan_items.c.plan_id == plan_id))]
    done, last_year = _done(connection, plan_id), _last_year(connection, goals)
    gone = working_days_gone(body.year, on, WORKING_DAYS)
    items = []
    for item in body.items():
        by_now = last_year_by_now(last_year[item.id], on) if on.year == body.year else None
        number = done.get(item.id, 0)
        told = foretell(number, item.target, gone, on.year > body.year, by_now)
        items.append({"id": item.id, "title": item.title, "target": item.target, "done": number, **msgspec.to_builtins(told)})
    outlooks = Counter(item["outlook"] for item in items)
    return {"plan_id": plan_id, "year": body.year, "on": on, "outlooks": dict(sorted(outlooks.items())), "items": items}


# ---------------------------------------------------------------------------------------------------------------------


def _in_force(connection: sa.Connection, plan_id: str) -> tuple[int, YearPlan]:
    row = connection.execute(sa.select(plans.c.revision, plans.c.body).where(plans.c.plan_id == plan_id)).first()
    if row is None:
        raise NotFound(f"no plan {plan_id!r}")
    return row.revision, msgspec.json.decode(row.body, type=YearPlan)


def _done(connection: sa.Connection, plan_id: str) -> dict[str, int]:
    of_plan = sa.select(progress.c.item_id, progress.c.done).where(progress.c.plan_id == plan_id)
    return {found.item_id: int(found.done) for found in connection.execute(of_plan)}


def _explained(connection: sa.Connection, plan_id: str) -> dict[str, Row]:
    found = sa.select(explanations).where(explanations.c.plan_id == plan_id).order_by(explanations.c.explained_at)
    return {row.item_id: {"at": row.explained_at, "by": row.officer, "text": row.words} for row in connection.execute(found)}


def _last_year(connection: sa.Connection, goals: Iterable[Goal]) -> defaultdict[str, Counter[int]]:
    """Return what each item would have counted in the year before its plan's, by month."""
    wanted = [goal._replace(year=goal.year - 1) for goal in goals]
    happened = sa.select(activities).where(
        activities.c.event_type.in_({goal.event_type for goal in wanted}), activities.c.year.in_({goal.year for goal in wanted})
    )
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for row in connection.execute(happened):
        activity = read_activity(row)
        for goal in wanted:
            if goal.takes(activity):
                found[goal.item_id][activity.month] += row.done
    return found
