"""The use cases: journal a batch of events, build all figures anew, issue the reports of finished months."""

from services.reporting.handlers.issuing import issue_finished_months
from services.reporting.handlers.journalling import journalise
from services.reporting.handlers.rebuilding import rebuild

__all__ = ["issue_finished_months", "journalise", "rebuild"]
