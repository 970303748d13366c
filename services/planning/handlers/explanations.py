"""Explaining why an item of a plan was not reached."""

from __future__ import annotations

import sqlalchemy as sa

from services.planning.model.tasks import Explanation
from services.planning.tables import explanations, plan_items, progress
from shared.contracts.planning import ShortfallExplained
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert
from shared.kernel.errors import Conflict, NotFound


def explain(plan_id: str, item_id: str, given: Explanation, uow: UnitOfWork) -> None:
    """Add an explanation; the newest counts. Raises ``Conflict`` for an item that was reached."""
    of_item = sa.and_(progress.c.plan_id == plan_items.c.plan_id, progress.c.item_id == plan_items.c.item_id)
    found = (
        sa.select(plan_items, sa.func.coalesce(progress.c.done, 0).label("done"))
        .outerjoin(progress, of_item)
        .where(plan_items.c.plan_id == plan_id, plan_items.c.item_id == item_id)
    )
    item = uow.connection.execute(found).first()
    if item is None:
        raise NotFound(f"plan {plan_id!r} has no item {item_id!r}")
    if item.done >= item.target:
        raise Conflict(f"item {item_id!r} was reached, {item.done} of {item.target}: there is nothing to explain")
    row = {"plan_id": plan_id, "item_id": item_id, "explained_at": uow.now, "officer": given.by, "words": given.text}
    upsert(uow.connection, explanations, [row], replace=("officer", "words"))
    uow.emit(
        ShortfallExplained(
            observed_at=uow.now,
            plan_id=plan_id,
            item_id=item_id,
            unit=item.unit,
            unit_province=item.unit_province,
            title=item.title,
            done=int(item.done),
            target=item.target,
            by=given.by,
            explanation=given.text,
        ),
        key=f"{item_id} {uow.now.isoformat()} {given.text}",
    )
