"""What the overview page shows, read from the database in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from services.reporting import queries
from services.reporting.model import local_day
from services.reporting.periods import Period
from services.reporting.queries.issued import Issued
from services.reporting.reports import By, Report, Summary
from shared.contracts.inspection import CaseOpened
from shared.contracts.notification import NoticeIssued
from shared.contracts.planning import DeadlineApproaching

# The figures in large type; all others stand in the table of reports.
HEADLINES = (
    "violations",
    "cases_opened",
    "measures_ordered",
    "deadlines_missed",
    "notices_delivered",
    "foreign_alerts",
    "complaints",
    "activities",
)
_LINES = 10


@dataclass(frozen=True, kw_only=True)
class View:
    """The year so far, beside the same period of the year before, and what is going on now."""

    period: Period
    compared: Period
    headlines: list[Summary]
    reports: list[Summary]
    by_month: Report
    by_province: Report
    by_product: Report
    notices: list[NoticeIssued]
    cases: list[CaseOpened]
    cases_open: int
    clocks: list[DeadlineApproaching]
    clocks_running: int
    issued: list[Issued]


def look(connection: sa.Connection, now: datetime) -> View:
    """Read the overview as it stands at ``now``."""
    period = queries.year_so_far(connection, local_day(now))
    totals = queries.totals(connection, period.first, period.last).totals
    by_name = {one.name: one for one in totals}
    violations = {by: queries.report(connection, "violations", period.first, period.last, by) for by in By}
    cases, cases_open = queries.open_cases(connection, _LINES)
    clocks, clocks_running = queries.clocks_due(connection, now, _LINES)
    return View(
        period=period,
        compared=period.year_before(),
        headlines=[by_name[name] for name in HEADLINES],
        reports=totals,
        by_month=violations[By.MONTH],
        by_province=violations[By.PROVINCE],
        by_product=violations[By.PRODUCT_GROUP],
        notices=queries.latest_notices(connection, _LINES),
        cases=cases,
        cases_open=cases_open,
        clocks=clocks,
        clocks_running=clocks_running,
        issued=queries.issued_reports(connection, limit=12),
    )
