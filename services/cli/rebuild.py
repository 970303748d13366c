"""``chuan rebuild``: fold a service's read side again from its journal."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import sqlalchemy as sa
import typer

from services.cli.databases import locked, opened, settings_of
from services.cli.options import DataFolder
from services.cli.progress import counting
from services.reporting import handlers
from services.reporting.tables import journal


class Rebuildable(StrEnum):
    """What can be built anew."""

    REPORTING = "reporting"


def rebuild(
    what: Annotated[Rebuildable, typer.Argument(help="Whose figures.", metavar="reporting")],
    data: DataFolder = None,
) -> None:
    """Build all figures of reporting anew from its journal, beside those that are read, and then switch.

    On PostgreSQL services may go on meanwhile. The figures come out the same unless an indicator was added or changed.

    Example: chuan rebuild reporting
    """
    settings = settings_of(data)
    with opened(settings, what.value) as database, locked(settings):
        with database.reading() as connection:
            last = connection.scalar(sa.select(sa.func.max(journal.c.seq)))
        with counting(last) as progress:
            events = handlers.rebuild(database, lambda done, _of: progress(done))
    print(f"{what}: rebuilt from {events:,} events")
