"""Where the pages of figures are, and those of the events behind them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import quote, urlencode

from services.reporting.periods import Period, month_of
from services.reporting.reports import By, Report

Asked = Mapping[str, str]


def report_address(name: str, asked: Asked) -> str:
    """Return where a report is."""
    return f"/v1/reports/{quote(name, safe='')}?{urlencode(asked)}"


def events_address(name: str, asked: Asked) -> str:
    """Return where the events behind a figure are."""
    return f"/v1/reports/{quote(name, safe='')}/events?{urlencode(asked)}"


def as_page(locale: str) -> Asked:
    """Return what asks for a page to be read."""
    return {"format": "html", "lang": locale}


def within(period: Period) -> Asked:
    """Return what asks for a period."""
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def row_of(report: Report, key: str) -> Asked:
    """Return what asks for one row of a report, beside what asked for the report."""
    if report.by is not By.MONTH:
        return {report.by.value: key}
    month = month_of(date.fromisoformat(f"{key}-01"))
    return within(Period(max(month.first, report.first), min(month.last, report.last)))
