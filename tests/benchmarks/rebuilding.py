"""How long it takes to build all figures anew from the journal."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import islice
from typing import Any

import sqlalchemy as sa

from services.reporting.handlers.journalling import _row
from services.reporting.model import entry_of
from services.reporting.tables import cells, generations, journal
from shared.database.engine import Database
from shared.database.upsert import insert_all
from tests.benchmarks import events
from tests.benchmarks.figures import spread
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stages import stage

_CHUNK = 5_000


def measure(sizes: Sizes) -> dict[str, Any]:
    """Fill a journal, and let ``chuan rebuild`` go through it; return seconds, from start to end of the command."""
    seconds = []
    with stage() as place:
        place.migrate("reporting")
        database = place.database("reporting")
        print(f"rebuild: filling a journal with {sizes.rebuilt:,} events", file=sys.stderr)
        _fill(database, sizes.rebuilt)
        for number in range(sizes.rebuild_rounds):
            began = time.perf_counter()
            command = [sys.executable, "-m", "services.cli", "rebuild", "reporting"]
            subprocess.run(command, env=place.environment(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - began)
            _check(database, sizes.rebuilt)
            print(f"rebuild {number + 1}/{sizes.rebuild_rounds}: {seconds[-1]:.1f} s", file=sys.stderr)
        database.close()
    return {
        "events": sizes.rebuilt,
        "seconds": spread(seconds),
        "events_per_second": spread([sizes.rebuilt / one for one in seconds]),
    }


def _fill(database: Database, count: int) -> None:
    made = events.violations(count)
    while rows := [_row(entry_of(event)) for event in islice(made, _CHUNK)]:
        with database.writing() as connection:
            insert_all(connection, journal, rows)


def _check(database: Database, count: int) -> None:
    live = sa.select(generations.c.live).scalar_subquery()
    with database.reading() as connection:
        counted = connection.scalar(
            sa.select(sa.func.sum(cells.c.value)).where(
                cells.c.generation == live, cells.c.indicator == "violations", cells.c.grain == "day"
            )
        )
    if counted != count:
        raise RuntimeError(f"rebuilt figures count {counted} of {count} events")
