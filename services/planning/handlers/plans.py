"""Approving a plan: a new one, the same one again, or a changed one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import sqlalchemy as sa

from services.planning.handlers import duties
from services.planning.handlers.locks import stand_alone
from services.planning.handlers.progress import Goal, goal_of, read_activity
from services.planning.model.plans import Item, YearPlan
from services.planning.rules.activities_count_towards_items import Wanted
from services.planning.rules.plan_names_units_in_force import objections
from services.planning.tables import activities, plan_items, plan_revisions, plans, progress
from shared.contracts.planning import PlanApproved
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_all, upsert
from shared.kernel.errors import Conflict, InvalidInput
from shared.kernel.provinces import parts_of
from shared.organisation import Organisation


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a plan: the revision in force, and whether it is ``new``."""

    plan_id: str
    revision: int
    new: bool


def approve(plan: YearPlan, uow: UnitOfWork) -> Approval:
    """Put a plan into force.

    The same plan again changes nothing. A changed one is the next revision: its progress is added up anew from the
    activities of its year, so what was done before counts, and whatever had arrived before the plan counts too. Raises
    ``InvalidInput`` for a change without a reason, and ``Conflict`` for one that revises another text than the one in force.
    """
    stand_alone(uow.connection)
    body = msgspec.json.encode(plan).decode()
    stored = uow.connection.execute(sa.select(plans.c.revision, plans.c.body).where(plans.c.plan_id == plan.plan_id)).first()
    if stored is not None and stored.body == body:
        return Approval(plan_id=plan.plan_id, revision=stored.revision, new=False)
    if stored is not None and not plan.reason:
        raise InvalidInput(f"plan {plan.plan_id} is in force with another text: say why it is changed", "/reason")
    in_force = stored.revision if stored is not None else 0
    if plan.revises not in (None, in_force):
        raise Conflict(
            f"revision {in_force} of plan {plan.plan_id} is in force, and this text revises {plan.revises}: merge them"
        )
    revision = in_force + 1
    _store(plan, body, revision, uow)
    uow.emit(
        PlanApproved(
            observed_at=plan.approved_at,
            plan_id=plan.plan_id,
            unit=plan.unit,
            year=plan.year,
            revision=revision,
            key_tasks=len(plan.key_tasks),
            items=len(plan.items()),
            duties=len(plan.duties),
            budget=plan.budget,
            approved_by=plan.approved_by,
            reason=plan.reason,
        ),
        key=f"revision {revision}",
    )
    _add_up_anew(plan, revision, uow)
    before = msgspec.json.decode(stored.body, type=YearPlan) if stored is not None else None
    duties.begin(plan, before, uow)
    return Approval(plan_id=plan.plan_id, revision=revision, new=True)


def check_units(plan: YearPlan, organisation: Organisation) -> None:
    """Raise ``InvalidInput`` at the first unit of a plan that does not stand on the day of its approval."""
    for pointer, objection in objections(plan, organisation):
        raise InvalidInput(objection, pointer)


def _store(plan: YearPlan, body: str, revision: int, uow: UnitOfWork) -> None:
    row = {
        "plan_id": plan.plan_id,
        "revision": revision,
        "unit": plan.unit,
        "unit_province": plan.unit_province,
        "year": plan.year,
        "title": plan.title,
        "body": body,
        "approved_at": plan.approved_at,
    }
    upsert(uow.connection, plans, [row], replace=[name for name in row if name != "plan_id"])
    text = {"plan_id": plan.plan_id, "revision": revision, "approved_at": plan.approved_at, "recorded_at": uow.now, "body": body}
    insert_all(uow.connection, plan_revisions, [text])
    uow.connection.execute(plan_items.delete().where(plan_items.c.plan_id == plan.plan_id))
    insert_all(uow.connection, plan_items, _item_rows(plan))


def _item_rows(plan: YearPlan) -> list[dict[str, Any]]:
    return [
        {
            "plan_id": plan.plan_id,
            "item_id": item.id,
            "year": plan.year,
            "event_type": item.counts.event,
            "unit": plan.unit,
            "unit_province": plan.unit_province,
            "title": item.title,
            "target": item.target,
            "counts": msgspec.json.encode(_wanted(item, plan), order="deterministic").decode(),
        }
        for item in plan.items()
    ]


def _wanted(item: Item, plan: YearPlan) -> Wanted:
    """Return what an item asks for; of a province since the merger also what was done in its parts before."""
    wanted = item.counts.wanted()
    provinces = frozenset(part for code in wanted.get("province", ()) for part in parts_of(code, plan.approved_on))
    return {**wanted, "province": provinces} if provinces else wanted


def _add_up_anew(plan: YearPlan, revision: int, uow: UnitOfWork) -> None:
    """Set the progress of all items from the activities of the year, and tell of what is more than was told before."""
    connection = uow.connection
    of_plan = progress.c.plan_id == plan.plan_id
    before = {row.item_id: row.done for row in connection.execute(sa.select(progress).where(of_plan))}
    goals = [goal_of(row) for row in connection.execute(sa.select(plan_items).where(plan_items.c.plan_id == plan.plan_id))]
    done = _done(connection, goals)
    connection.execute(progress.delete().where(of_plan))
    insert_all(connection, progress, [{"plan_id": plan.plan_id, "item_id": one, "done": number} for one, number in done.items()])
    for goal in goals:
        added = done[goal.item_id] - before.get(goal.item_id, 0)
        if added > 0:
            data = goal.progressed(done=done[goal.item_id], added=added, observed_at=max(uow.now, plan.approved_at))
            uow.emit(data, key=f"revision {revision} item {goal.item_id}")


def _done(connection: sa.Connection, goals: list[Goal]) -> Counter[str]:
    done: Counter[str] = Counter({goal.item_id: 0 for goal in goals})
    happened = sa.select(activities).where(
        activities.c.event_type.in_({goal.event_type for goal in goals}), activities.c.year.in_({goal.year for goal in goals})
    )
    for row in connection.execute(happened):
        activity = read_activity(row)
        for goal in goals:
            if goal.takes(activity):
                done[goal.item_id] += row.done
    return done
