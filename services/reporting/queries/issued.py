"""Reports as they were issued."""

from __future__ import annotations

from datetime import date

import msgspec
import sqlalchemy as sa

from services.reporting.tables import issued
from shared.kernel.errors import NotFound


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """One issued report: what it covers, what was known by then, and the digest of its bytes."""

    report: str
    period_from: date
    period_to: date
    cut_off: date
    events: int
    sha256: str


def issued_reports(connection: sa.Connection, limit: int = 120) -> list[Issued]:
    """Return the newest issued reports, the newest first."""
    found = connection.execute(
        sa.select(issued.c.report, issued.c.period_from, issued.c.period_to, issued.c.cut_off, issued.c.events, issued.c.sha256)
        .order_by(issued.c.period_from.desc(), issued.c.report)
        .limit(limit)
    )
    return [Issued(**row) for row in found.mappings()]


def issued_report(connection: sa.Connection, report: str, period_from: date) -> bytes:
    """Return the bytes that were issued; raise ``NotFound`` when there was no such report."""
    body = connection.scalar(sa.select(issued.c.body).where(issued.c.report == report, issued.c.period_from == period_from))
    if body is None:
        raise NotFound(f"no {report} report was issued for the period from {period_from}")
    return str(body).encode()
