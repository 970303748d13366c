"""The monthly report as a document."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import sqlalchemy as sa

from services.reporting.indicators import indicators
from services.reporting.periods import Period, end_of, month_of
from services.reporting.queries.figures import LIVE, report, totals
from services.reporting.reports import By, Report, Summary
from services.reporting.tables import cells, points


class Monthly(msgspec.Struct, frozen=True, kw_only=True):
    """All figures of one month as known at the end of the day ``cut_off``, and those of the month before, revised."""

    report: str
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    cut_off: date
    events: int
    totals: list[Summary]
    month_before_revised: list[Summary]
    reports: list[Report]


def monthly(connection: sa.Connection, month: Period, cut_off: date, events: int) -> Monthly:
    """Return the monthly report: each figure by kind, by province and by product group; figures of nothing are left out."""
    before = month_of(month.first - timedelta(days=1))
    figures = totals(connection, month.first, month.last, cut_off=cut_off).totals
    return Monthly(
        report="monthly",
        first=month.first,
        last=month.last,
        cut_off=cut_off,
        events=events,
        totals=figures,
        month_before_revised=totals(connection, before.first, before.last, cut_off=cut_off).totals,
        reports=[
            report(connection, one.name, month.first, month.last, by, cut_off=cut_off)
            for one in figures
            if one.value or one.previous
            for by in (By.KIND, By.PROVINCE, By.PRODUCT_GROUP)
        ],
    )


def count_events(connection: sa.Connection, period: Period, cut_off: date) -> int:
    """Return how many events the figures of ``period`` rest on, as known at the end of the day ``cut_off``."""
    counted = sa.select(sa.func.count(points.c.key.distinct())).where(
        points.c.generation == LIVE,
        points.c.indicator.in_(list(indicators())),
        points.c.day.between(period.first, period.last),
        points.c.published_at < end_of(cut_off),
    )
    return connection.scalar(counted) or 0


def earliest_day(connection: sa.Connection) -> date | None:
    """Return the first day of the first month with a figure, None when there is none."""
    found = [
        connection.scalar(
            sa.select(sa.func.min(cells.c.start)).where(
                cells.c.generation == LIVE, cells.c.indicator == name, cells.c.grain == "month"
            )
        )
        for name in indicators()
    ]
    return min((start for start in found if start is not None), default=None)
