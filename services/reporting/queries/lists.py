"""Short lists for the overview: latest notices, open cases, clocks that are about to run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from services.reporting.listings import CASES, CLOCKS
from services.reporting.queries.figures import LIVE
from services.reporting.tables import IS_OPEN, journal, listings
from shared.contracts.codec import decode
from shared.contracts.envelope import Data
from shared.contracts.inspection import CaseOpened
from shared.contracts.notification import NoticeIssued
from shared.contracts.planning import DeadlineApproaching

D = TypeVar("D", bound=Data)


def latest_notices(connection: sa.Connection, limit: int) -> list[NoticeIssued]:
    """Return the notices issued last, the newest first."""
    # The type stands in the statement itself: only then does a planner see that the partial index fits.
    is_notice = journal.c.type == sa.literal_column(f"'{NoticeIssued.type}'")
    bodies = connection.scalars(
        sa.select(journal.c.body).where(is_notice).order_by(journal.c.observed_at.desc(), journal.c.key.desc()).limit(limit)
    ).all()
    return _read(bodies, NoticeIssued)


def open_cases(connection: sa.Connection, limit: int) -> tuple[list[CaseOpened], int]:
    """Return the cases opened last and not closed, the newest first, and how many are open in all."""
    return _open(connection, CaseOpened, [listings.c.listing == CASES], [listings.c.opened_at.desc(), listings.c.item], limit)


def clocks_due(connection: sa.Connection, now: datetime, limit: int) -> tuple[list[DeadlineApproaching], int]:
    """Return the announced clocks that run out next, and how many there are in all; those of closed cases are over."""
    case = listings.alias("own_case")
    case_is_closed = sa.exists().where(
        case.c.generation == listings.c.generation,
        case.c.listing == CASES,
        case.c.item == listings.c.case_id,
        case.c.closed_at.is_not(None),
    )
    running = [listings.c.listing == CLOCKS, listings.c.due_at >= now, ~case_is_closed]
    return _open(connection, DeadlineApproaching, running, [listings.c.due_at, listings.c.item], limit)


def _open(
    connection: sa.Connection, data: type[D], conditions: Sequence[sa.ColumnElement[bool]], order: Sequence[Any], limit: int
) -> tuple[list[D], int]:
    """Return the first open items that meet the conditions, read from their opening events, and the number of all."""
    wanted = sa.and_(listings.c.generation == LIVE, IS_OPEN, *conditions)
    count = connection.scalar(sa.select(sa.func.count()).select_from(listings).where(wanted)) or 0
    bodies = connection.scalars(
        sa.select(journal.c.body)
        .join_from(listings, journal, sa.and_(journal.c.day == listings.c.opened_on, journal.c.key == listings.c.opened_by))
        .where(wanted)
        .order_by(*order)
        .limit(limit)
    ).all()
    return _read(bodies, data), count


def _read(bodies: Sequence[str], data: type[D]) -> list[D]:
    found = [decode(body.encode()).data for body in bodies]
    return [one for one in found if isinstance(one, data)]
