"""What is known of drafts: read from its rows before a batch or an officer adds to it, and stored again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from services.planning.handlers.locks import stand_in_line
from services.planning.model.drafts import Draft, Reached, corrected, in_order, latest
from services.planning.tables import draft_notifications, draft_steps, drafts
from shared.contracts.partners import DraftKind, DraftStage
from shared.database.upsert import upsert


class File:
    """All that is known of a draft, and what a batch adds to it."""

    def __init__(self, draft_id: str) -> None:
        self.draft_id = draft_id
        self.draft: Draft | None = None
        self.steps: list[Reached] = []
        self.circulated: list[datetime] = []
        self.told_at: datetime | None = None
        self.handed_over_at: datetime | None = None

    def hear(self, told: Draft, at: datetime) -> Draft:
        """Take in what is said of the draft at a legal time; what is older than what is known only fills its gaps."""
        if self.draft is None or self.told_at is None or at >= self.told_at:
            self.draft, self.told_at = corrected(self.draft, told), at
        else:
            self.draft = corrected(told, self.draft)
        return self.draft

    def before(self, step: Reached) -> list[Reached]:
        """Return the steps that came before one."""
        ordered = in_order([*self.steps, step])
        return ordered[: ordered.index(step)]


def files_of(connection: sa.Connection, draft_ids: Collection[str]) -> dict[str, File]:
    """Read what is known of drafts, and keep other copies from moving them meanwhile."""
    stand_in_line(connection, "move drafts")  # a draft that is new to both has no row to hold
    files = {one: File(one) for one in draft_ids}
    held = sa.select(drafts).where(drafts.c.draft_id.in_(files)).order_by(drafts.c.draft_id).with_for_update()
    for row in connection.execute(held).mappings():
        file = files[row["draft_id"]]
        file.draft, file.told_at, file.handed_over_at = draft_of(row), row["told_at"], row["handed_over_at"]
    for draft_id, steps in steps_of(connection, files).items():
        files[draft_id].steps = steps
    notified = sa.select(draft_notifications).where(draft_notifications.c.draft_id.in_(files))
    for one in connection.execute(notified):
        files[one.draft_id].circulated.append(one.circulated_at)
    return files


def steps_of(connection: sa.Connection, draft_ids: Iterable[str]) -> dict[str, list[Reached]]:
    """Return the stages that drafts reached, in order."""
    found: defaultdict[str, list[Reached]] = defaultdict(list)
    for row in connection.execute(sa.select(draft_steps).where(draft_steps.c.draft_id.in_(list(draft_ids)))):
        step = Reached(
            stage=DraftStage(row.stage),
            at=row.reached_at,
            urgent=row.urgent,
            number=row.number,
            by=row.officer,
            in_force_on=row.in_force_on,
        )
        found[row.draft_id].append(step)
    return {draft_id: in_order(steps) for draft_id, steps in found.items()}


def draft_of(row: Mapping[Any, Any]) -> Draft:
    """Return the draft a row of ``drafts`` holds."""
    return Draft(**{name: row[name] for name in Draft.__struct_fields__} | {"kind": DraftKind(row["kind"])})


def step_row(draft_id: str, step: Reached, article: str) -> dict[str, Any]:
    """Return a step as a row of ``draft_steps``, with the article it broke."""
    return {
        "draft_id": draft_id,
        "stage": str(step.stage),
        "reached_at": step.at,
        "urgent": step.urgent,
        "number": step.number,
        "officer": step.by,
        "in_force_on": step.in_force_on,
        "objection": article,
    }


def save(connection: sa.Connection, changed: Sequence[File]) -> None:
    """Store what is known of drafts and where they stand."""
    rows = []
    for file in changed:
        stands = latest(file.steps)
        if file.draft is None or stands is None:
            continue
        known = {**msgspec.structs.asdict(file.draft), "kind": str(file.draft.kind), "told_at": file.told_at}
        now = {"stage": str(stands.stage), "stage_at": stands.at, "handed_over_at": file.handed_over_at}
        rows.append({**known, **now})
    upsert(connection, drafts, rows, replace=[name for name in rows[0] if name != "draft_id"] if rows else ())
