"""Drafts: where each stands, what it went through, and what may come next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.planning.handlers.draft_files import draft_of, steps_of
from services.planning.model.drafts import Reached
from services.planning.model.subjects import SubjectKind, key
from services.planning.queries import shown_clock
from services.planning.rules.drafts_advance_stage_by_stage import MOVES, moves_from, objection_to
from services.planning.tables import clocks, draft_notifications, draft_steps, drafts, notifications_ruled_out, subjects
from shared.contracts.partners import DraftKind, DraftStage
from shared.kernel.errors import NotFound

Row = dict[str, Any]


def drafts_listed(
    connection: sa.Connection,
    *,
    kind: DraftKind | None = None,
    stage: DraftStage | None = None,
    unit: str = "",
    limit: int = 100,
) -> list[Row]:
    """Return drafts, those that moved last first."""
    found = sa.select(drafts).order_by(drafts.c.stage_at.desc(), drafts.c.draft_id).limit(limit)
    for column, wanted in ((drafts.c.kind, kind), (drafts.c.stage, stage), (drafts.c.unit, unit)):
        if wanted:
            found = found.where(column == str(wanted))
    return [dict(row) for row in connection.execute(found).mappings()]


def draft(connection: sa.Connection, draft_id: str, now: datetime) -> Row:
    """Return a draft with its steps, its clocks, its notifications or why none is needed, and the stages that may come next.

    A next stage that may not be reached ``now`` says why. Raises ``NotFound`` for an unknown id.
    """
    row = connection.execute(sa.select(drafts).where(drafts.c.draft_id == draft_id)).mappings().first()
    if row is None:
        raise NotFound(f"no draft {draft_id!r}")
    told = sa.select(draft_steps).where(draft_steps.c.draft_id == draft_id).order_by(draft_steps.c.reached_at)
    notified = sa.select(draft_notifications).where(draft_notifications.c.draft_id == draft_id)
    running = (
        sa.select(clocks, subjects)
        .join(subjects, subjects.c.subject_id == clocks.c.subject_id)
        .where(clocks.c.subject_id == key(SubjectKind.DRAFT, draft_id))
        .order_by(clocks.c.started_at, clocks.c.duty)
    )
    notifications = [dict(one) for one in connection.execute(notified.order_by(draft_notifications.c.circulated_at)).mappings()]
    ruled_out = sa.select(notifications_ruled_out).where(notifications_ruled_out.c.draft_id == draft_id)
    ruling = connection.execute(ruled_out).mappings().first()
    return {
        **row,
        "steps": [dict(one) for one in connection.execute(told).mappings()],
        "next": _next(connection, row, [one["circulated_at"] for one in notifications], now),
        "notifications": notifications,
        "notification_ruled_out": dict(ruling) if ruling is not None else None,
        "clocks": [shown_clock(one) for one in connection.execute(running)],
    }


def _next(connection: sa.Connection, row: Any, circulated: list[datetime], now: datetime) -> list[Row]:
    known = draft_of(row)
    steps = steps_of(connection, [known.draft_id]).get(known.draft_id, [])
    found = []
    for move in moves_from(known, steps):
        step = Reached(stage=move.stage, at=now, urgent=known.urgent)
        objection = objection_to(known, steps, step, circulated)
        why = (
            {"why_not": objection.detail, "breaks": objection.source} if objection is not None else {"why_not": "", "breaks": ""}
        )
        found.append({"stage": str(move.stage), "source": move.source, **why})
    return found


def stages() -> list[Row]:
    """Return the table of moves: for each kind of draft, every stage, what it comes after, and the article."""
    return [
        {
            "kind": str(kind),
            "stage": str(move.stage),
            "after": [str(one) for one in move.after],
            "source": move.source,
            "within_days": move.within.amount if move.within is not None else None,
            "once": move.once,
        }
        for kind, moves in MOVES.items()
        for move in moves
    ]
