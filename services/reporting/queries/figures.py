"""Figures: whole months from month cells, ragged ends from day cells, a past state of knowledge from the points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

import sqlalchemy as sa

from services.reporting.indicators import indicators
from services.reporting.model import DIMENSIONS, Indicator, grain_of
from services.reporting.periods import Period, Span, end_of, year_to
from services.reporting.reports import By, Report, Summary, Totals, figure, month_key, rows
from services.reporting.tables import cells, generations, points
from shared.database.arrays import among
from shared.kernel.errors import InvalidInput, NotFound
from shared.kernel.nearest import unknown
from shared.kernel.provinces import MERGED, parts_of, province_on, provinces_on

_NAMED = 400  # days or months; longer periods are read as a whole
LIVE = sa.select(generations.c.live).scalar_subquery()


@dataclass(frozen=True, kw_only=True)
class Slice:
    """The part of a figure that is asked for; None leaves a dimension open, an empty text is a value.

    ``provinces_on`` is the day whose provinces are meant, None the last day of the period that is asked for.
    """

    province: str | None = None
    product_group: str | None = None
    kind: str | None = None
    provinces_on: date | None = None

    def of(self, period: Period) -> Slice:
        """Return this part with its day, checked. Raises ``InvalidInput`` for provinces that its facts cannot be told by."""
        day = self.provinces_on or period.last
        if day < MERGED <= period.last:
            raise InvalidInput(
                f"since {MERGED} facts name the provinces of that day, which cannot be told by those of {day}: "
                f"ask for the provinces of {MERGED} or later, or end the period before",
                "/provinces_on",
            )
        if self.province and self.province not in provinces_on(day):
            into = province_on(self.province, day)
            hint = f"it has become part of {into!r}" if into != self.province else "'01', for example, is Hà Nội"
            raise InvalidInput(f"{self.province!r} is no province on {day}; {hint}", "/province")
        return replace(self, provinces_on=day)

    def conditions(self, table: sa.Table) -> list[sa.ColumnElement[bool]]:
        """Return the conditions of this part on a table that has its three dimensions."""
        kept = self.dimensions()
        found = [table.c[name] == getattr(self, name) for name in ("product_group", "kind") if name in kept]
        if self.province is not None:
            found.append(table.c.province.in_(parts_of(self.province, self.provinces_on or MERGED)))
        return found

    def dimensions(self) -> set[str]:
        """Return the names of the dimensions that are not left open."""
        return {name for name in DIMENSIONS if getattr(self, name) is not None}


EVERYTHING = Slice()


def report(
    connection: sa.Connection,
    name: str,
    first: date,
    last: date,
    by: By = By.KIND,
    *,
    where: Slice = EVERYTHING,
    cut_off: date | None = None,
) -> Report:
    """Return one report of the legal days ``first`` to ``last``, beside the same period of the year before.

    With a ``cut_off`` only what had been published by the end of that day counts: the report as it could be made then.
    Both periods are laid out by the provinces of one day, former ones rolled up into those that they became part of.
    Raises ``NotFound`` for an unknown name and ``InvalidInput`` for provinces that the facts cannot be told by.
    """
    found = known(name)
    period = Period(first, last)
    where = where.of(period)
    then = period.year_before()
    now = _by(connection, name, period, by, where, cut_off)
    before = _by(connection, name, then, by, where, cut_off, years_later=1)
    return Report(
        name=name,
        vi=found.vi,
        en=found.en,
        about=found.about,
        first=first,
        last=last,
        compared_from=then.first,
        compared_to=then.last,
        by=by,
        provinces_on=where.provinces_on or last,
        total=figure(now.total(), before.total()),
        rows=rows(now, before),
    )


def totals(
    connection: sa.Connection, first: date, last: date, *, where: Slice = EVERYTHING, cut_off: date | None = None
) -> Totals:
    """Return the total of every report, in order of their names."""
    period = Period(first, last)
    where = where.of(period)
    then = period.year_before()
    now = _sums(connection, indicators(), period, None, where, cut_off)
    before = _sums(connection, indicators(), then, None, where, cut_off)
    return Totals(
        first=first,
        last=last,
        compared_from=then.first,
        compared_to=then.last,
        totals=[_summary(one, now[name, ""], before[name, ""]) for name, one in indicators().items()],
    )


def known(name: str) -> Indicator:
    """Return the indicator called ``name``, or raise ``NotFound``."""
    found = indicators().get(name)
    if found is None:
        raise NotFound(unknown("report", name, indicators()))
    return found


def year_so_far(connection: sa.Connection, today: date) -> Period:
    """Return the period of a report that is asked for without dates.

    It ends on the newest day that has a figure, at the latest ``today``: so it depends on the data, and not on the day
    somebody asks, unless the data run on.
    """
    newest = [
        connection.scalar(
            sa.select(sa.func.max(cells.c.start)).where(
                cells.c.generation == LIVE, cells.c.indicator == name, cells.c.grain == "day", cells.c.start <= today
            )
        )
        for name in indicators()
    ]
    return year_to(max((day for day in newest if day is not None), default=today))


def _by(
    connection: sa.Connection,
    name: str,
    period: Period,
    by: By,
    where: Slice,
    cut_off: date | None,
    *,
    years_later: int = 0,
) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (_, key), value in _sums(connection, [name], period, by, where, cut_off).items():
        if by is By.MONTH:
            key = month_key(key, years_later=years_later)  # noqa: PLW2901 - the same key as it is shown
        elif by is By.PROVINCE and where.provinces_on is not None:
            key = province_on(key, where.provinces_on)  # noqa: PLW2901 - the same key as it is shown
        sums[key] += value
    return sums


def _sums(
    connection: sa.Connection,
    names: Collection[str],
    period: Period,
    by: By | None,
    where: Slice,
    cut_off: date | None,
) -> Counter[tuple[str, Any]]:
    """Add up figures by name and dimension; by month, the dimension is the first day of each cell."""
    if cut_off is None:
        kept = where.dimensions() | ({by.value} & set(DIMENSIONS) if by else set())
        statements = [
            _sum(cells, cells.c.start, names, by, where, cells.c.grain == grain_of(span.unit, kept), _within(span, connection))
            for span in period.spans()
        ]
    else:
        in_period = points.c.day.between(period.first, period.last)
        statements = [_sum(points, points.c.day, names, by, where, in_period, points.c.published_at < end_of(cut_off))]
    sums: Counter[tuple[str, Any]] = Counter()
    for statement in statements:
        for name, key, value in connection.execute(statement):
            sums[name, key] += int(value)
    return sums


def _within(span: Span, connection: sa.Connection) -> sa.ColumnElement[bool]:
    """Name each day or month: the index then leads to each with the dimensions behind it, and the cells between are not read."""
    starts = list(islice(span.starts(), _NAMED + 1))
    return among(cells.c.start, starts, connection) if len(starts) <= _NAMED else cells.c.start.between(span.first, span.last)


def _sum(
    table: sa.Table,
    day: sa.Column[date],
    names: Collection[str],
    by: By | None,
    where: Slice,
    *conditions: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    if by is None:
        key: sa.ColumnElement[Any] = sa.literal("")
    else:
        key = day if by is By.MONTH else table.c[by.value]
    group = [table.c.indicator] if by is None else [table.c.indicator, key]
    return (
        sa.select(table.c.indicator, key, sa.func.sum(table.c.value))
        .where(table.c.generation == LIVE, table.c.indicator.in_(sorted(names)), *conditions, *where.conditions(table))
        .group_by(*group)
    )


def _summary(one: Indicator, value: int, previous: int) -> Summary:
    compared = figure(value, previous)
    return Summary(
        name=one.name,
        vi=one.vi,
        en=one.en,
        value=value,
        previous=previous,
        change=compared.change,
        change_percent=compared.change_percent,
    )
