"""The console's pages, made on the server: they need no script, and no style but their own file."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

import sqlalchemy as sa

from services.reporting.console.figures import events_page as events_page
from services.reporting.console.figures import report_page as report_page
from services.reporting.console.page import render
from services.reporting.console.view import look

# Nothing is loaded from anywhere but this address, and no script or inline style is run whatever a text may contain.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def overview(connection: sa.Connection, now: datetime, locale: str) -> str:
    """Return the overview page in ``locale`` as it stands at ``now``."""
    return render(look(connection, now), locale)


def stylesheet() -> bytes:
    """Return the pages' style."""
    return files(__name__).joinpath("static/console.css").read_bytes()


def icon() -> bytes:
    """Return the sign that browsers show beside a page's title, as SVG."""
    return files(__name__).joinpath("static/icon.svg").read_bytes()
