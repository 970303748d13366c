"""The read side: figures, the events behind them, what is open now, reports as issued."""

from services.reporting.queries.events import events_behind
from services.reporting.queries.figures import EVERYTHING, Slice, report, totals, year_so_far
from services.reporting.queries.freshness import measure_freshness
from services.reporting.queries.issued import issued_report, issued_reports
from services.reporting.queries.lists import clocks_due, latest_notices, open_cases

__all__ = [
    "EVERYTHING",
    "Slice",
    "clocks_due",
    "events_behind",
    "issued_report",
    "issued_reports",
    "latest_notices",
    "measure_freshness",
    "open_cases",
    "report",
    "totals",
    "year_so_far",
]
