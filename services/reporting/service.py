"""The reporting service on nameko: who calls which handler and which query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from werkzeug.wrappers import Request

from services.reporting import console, handlers, queries
from services.reporting.model import local_day
from services.reporting.periods import Period
from services.reporting.queries.events import Page
from services.reporting.queries.issued import Issued
from services.reporting.reports import to_csv, to_json, totals_to_csv
from services.reporting.requests import ConsoleQuery, EventsQuery, IssueDay, ReportQuery, TotalsQuery
from shared.contracts.envelope import Event
from shared.contracts.registry import contracts
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.wellformed import read_query
from shared.messaging.subscription import subscribe
from shared.runner.measured import measured
from shared.runner.provider import provided_room
from shared.runner.timers import every
from shared.web.entrypoint import http
from shared.web.reply import Reply

_CSV = "text/csv; charset=utf-8"


def _page(html: str) -> Reply:
    return Reply(html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": console.POLICY})


class ReportingService:
    """Journals every event and shows what they add up to."""

    name = "reporting"
    room = provided_room()

    @subscribe(*(contract.data for contract in contracts().values()))
    def journalise(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        handlers.journalise(events, uow)

    @measured
    def freshness(self, connection: Connection, _now: datetime) -> None:
        queries.measure_freshness(connection)

    @every(minutes=60)
    def issue_finished_months(self, uow: UnitOfWork) -> None:
        handlers.issue_finished_months(uow)

    @http("GET", "/")
    def overview(self, request: Request) -> Reply:
        """Show the overview page."""
        query = read_query(request.args, ConsoleQuery)
        with self.room.reading() as connection:
            page = console.overview(connection, self.room.clock.now(), query.lang)
        return _page(page)

    @http("GET", "/static/console.css", public=True)
    def stylesheet(self, _request: Request) -> Reply:
        """Serve the style of the overview page."""
        return Reply(console.stylesheet(), content_type="text/css; charset=utf-8", headers={"Cache-Control": "max-age=300"})

    @http("GET", "/favicon.ico", public=True)
    def icon(self, _request: Request) -> Reply:
        """Serve the sign that browsers ask for with every page, also with those of the other services."""
        return Reply(console.icon(), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})

    @http("GET", "/v1/reports")
    def reports(self, request: Request) -> Reply:
        """Give the total of every report beside that of the year before."""
        query = read_query(request.args, TotalsQuery)
        with self.room.reading() as connection:
            period = query.period(self._year_so_far(connection))
            totals = queries.totals(connection, period.first, period.last, where=query.where, cut_off=query.cut_off)
        return Reply(totals_to_csv(totals), content_type=_CSV) if query.format == "csv" else Reply(to_json(totals))

    @http("GET", "/v1/reports/<name>")
    def report(self, request: Request, name: str) -> Reply:
        """Give one report by province, product group, kind or month, as JSON, CSV or a page to read."""
        query = read_query(request.args, ReportQuery)
        with self.room.reading() as connection:
            period = query.period(self._year_so_far(connection))
            found = queries.report(
                connection, name, period.first, period.last, query.by, where=query.where, cut_off=query.cut_off
            )
        if query.format == "html":
            return _page(console.report_page(found, query))
        return Reply(to_csv(found), content_type=_CSV) if query.format == "csv" else Reply(to_json(found))

    @http("GET", "/v1/reports/<name>/events")
    def events(self, request: Request, name: str) -> Page | Reply:
        """Open a figure: the events that add up to it, page by page, as JSON or to read."""
        query = read_query(request.args, EventsQuery)
        with self.room.reading() as connection:
            period = query.period(self._year_so_far(connection))
            found = queries.events_behind(
                connection,
                name,
                period.first,
                period.last,
                where=query.where,
                cut_off=query.cut_off,
                after=query.after,
                limit=query.limit,
            )
        return _page(console.events_page(found, query)) if query.format == "html" else found

    @http("GET", "/v1/reports/issued")
    def issued(self, _request: Request) -> list[Issued]:
        """List the issued reports, the newest first."""
        with self.room.reading() as connection:
            return queries.issued_reports(connection)

    @http("GET", "/v1/reports/issued/<report>/<period_from>")
    def issued_report(self, _request: Request, report: str, period_from: str) -> Reply:
        """Give an issued report, byte by byte as it was issued."""
        day = read_query({"period_from": period_from}, IssueDay).period_from
        with self.room.reading() as connection:
            return Reply(queries.issued_report(connection, report, day))

    def _year_so_far(self, connection: Connection) -> Period:
        return queries.year_so_far(connection, local_day(self.room.clock.now()))
