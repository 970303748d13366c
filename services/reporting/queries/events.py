"""From a figure to the events that make it up."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from services.reporting.periods import Period, end_of
from services.reporting.queries.figures import EVERYTHING, LIVE, Slice, known
from services.reporting.tables import journal, points
from shared.kernel.errors import InvalidInput

# The order of the primary key after generation and indicator: a page starts where the one before ended, without a count.
_ORDER = (points.c.day, points.c.province, points.c.product_group, points.c.kind, points.c.key)
_Place = tuple[date, str, str, str, str]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One event behind a figure, what it adds, and under which dimensions."""

    day: date
    province: str
    product_group: str
    kind: str
    value: int
    event: msgspec.Raw


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Events behind a figure; ``next`` is the ``after`` of the following page, absent on the last one."""

    name: str
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    events: list[Evidence]
    next: str | None


def events_behind(
    connection: sa.Connection,
    name: str,
    first: date,
    last: date,
    *,
    where: Slice = EVERYTHING,
    cut_off: date | None = None,
    after: str = "",
    limit: int = 100,
) -> Page:
    """Return the events whose values add up to the figure of the same arguments, page by page.

    Each names the province that it named when it came. Raises ``NotFound`` for an unknown name and ``InvalidInput`` for an
    ``after`` that no page gave, or provinces that the facts cannot be told by.
    """
    known(name)
    where = where.of(Period(first, last))
    conditions = [points.c.generation == LIVE, points.c.indicator == name, points.c.day.between(first, last)]
    conditions += where.conditions(points)
    if cut_off is not None:
        conditions.append(points.c.published_at < end_of(cut_off))
    if after:
        place = _place(after)
        conditions.append(sa.tuple_(*_ORDER) > sa.tuple_(*map(_typed, _ORDER, place)))
        # Implied by the line above, and easier for a planner to start from.
        conditions.append(points.c.day >= place[0])
    found = connection.execute(
        sa.select(*_ORDER, points.c.value, journal.c.body)
        .join_from(points, journal, sa.and_(journal.c.day == points.c.day, journal.c.key == points.c.key))
        .where(*conditions)
        .order_by(*_ORDER)
        .limit(limit + 1)
    ).all()
    return Page(
        name=name,
        first=first,
        last=last,
        events=[_evidence(row) for row in found[:limit]],
        next=_cursor(found[limit - 1]) if len(found) > limit else None,
    )


def _evidence(row: Any) -> Evidence:
    return Evidence(
        day=row.day,
        province=row.province,
        product_group=row.product_group,
        kind=row.kind,
        value=row.value,
        event=msgspec.Raw(row.body.encode()),
    )


def _typed(column: sa.Column[Any], value: object) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, type_=column.type)


def _cursor(row: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(tuple(row[: len(_ORDER)]))).decode().rstrip("=")


def _place(cursor: str) -> _Place:
    try:
        place: _Place = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=_Place)
    except (ValueError, msgspec.DecodeError) as error:
        raise InvalidInput("'after' must be the 'next' of the page before", "/after") from error
    return place
