"""Issue the monthly report: frozen, with the digest of its bytes, and announced as an event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

import sqlalchemy as sa

from services.reporting.periods import Period, end_of, month_of, next_month
from services.reporting.queries.monthly import count_events, earliest_day, monthly
from services.reporting.reports import to_json
from services.reporting.tables import issued
from shared.contracts.reporting import ReportIssued
from shared.database.unit_of_work import UnitOfWork

MONTHLY = "monthly"


def issue_finished_months(uow: UnitOfWork) -> None:
    """Issue each finished month after the last one issued, if it has events.

    A month is issued when the first day of the next one is over, from what had been published by then: that day is for
    what falls due at midnight and for what is still on its way. So the bytes depend on the events alone, not on when or
    how often this runs. Later events do not change an issued report; the next one shows the month again, revised.
    """
    for month in _finished_months(uow):
        cut_off = _cut_off(month)
        events = count_events(uow.connection, month, cut_off)
        if events:
            _issue(uow, month, cut_off, events)


def _issue(uow: UnitOfWork, month: Period, cut_off: date, events: int) -> None:
    body = to_json(monthly(uow.connection, month, cut_off, events))
    digest = sha256(body).hexdigest()
    uow.connection.execute(
        issued.insert().values(
            report=MONTHLY,
            period_from=month.first,
            period_to=month.last,
            cut_off=cut_off,
            events=events,
            sha256=digest,
            body=body.decode(),
        )
    )
    fact = ReportIssued(
        observed_at=end_of(month.last),
        report=MONTHLY,
        period_from=month.first,
        period_to=month.last,
        events=events,
        sha256=digest,
    )
    uow.emit(fact, key=f"{MONTHLY}/{month.first}")


def _finished_months(uow: UnitOfWork) -> Iterator[Period]:
    newest = uow.connection.scalar(sa.select(sa.func.max(issued.c.period_from)).where(issued.c.report == MONTHLY))
    first = next_month(newest) if newest is not None else earliest_day(uow.connection)
    while first is not None:
        month = month_of(first)
        if end_of(_cut_off(month)) > uow.now:
            return
        yield month
        first = next_month(month.first)


def _cut_off(month: Period) -> date:
    return month.last + timedelta(days=1)
