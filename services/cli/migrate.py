"""``chuan migrate``: bring databases to the newest revision."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.databases import locked, service_names, settings_of
from services.cli.options import DataFolder
from shared.database.engine import Database
from shared.database.migrate import migrate as run_missing_revisions
from shared.kernel.errors import InvalidInput
from shared.kernel.nearest import unknown


def migrate(
    services: Annotated[
        list[str] | None, typer.Argument(help="inspection, notification, planning, reporting; none: all four.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Make the databases of SERVICES, or bring them to the newest revision. Data is kept; a second call changes nothing.

    Run it before a new version starts. Only embedded services migrate by themselves.

    Example: chuan migrate reporting
    """
    known = service_names()
    for name in services or ():
        if name not in known:
            raise InvalidInput(unknown("service", name, known))
    settings = settings_of(data)
    with locked(settings):
        for name in services or known:
            database = Database(settings.service_database_url(), name, pool_size=1)
            try:
                changed = run_missing_revisions(database)
            finally:
                database.close()
            print(f"{name}: {'migrated' if changed else 'already at the newest revision'}")
