"""How long a report takes when few and when many events have been journalled.

The cells are made by SQL as that many events would have left them: two years, all provinces, every indicator with several
kinds of several product groups. The journal itself stays empty; the plans that are kept show that no report reads it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import psycopg
import sqlalchemy as sa

from services.reporting.indicators import indicators
from services.reporting.model import DIMENSIONS, grain_of
from services.reporting.queries import report, totals
from services.reporting.queries.figures import Slice
from services.reporting.reports import By, to_json
from services.reporting.tables import cells
from shared.contracts.vocabulary import ProductGroup
from shared.database.engine import Database
from shared.kernel.provinces import PROVINCES
from tests.benchmarks.figures import spread
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stages import Stage, stage

_FIRST, _DAYS = date(2024, 1, 1), 731
_PERIOD = (date(2025, 1, 1), date(2025, 11, 21))
_KINDS = 5
_GROUPS_OF_A_KIND = 3

_DAY_CELLS = """
insert into cells (generation, indicator, grain, start, province, product_group, kind, value)
select 1, dimensions.indicator, 'day', %(first)s::date + event.day, event.province, dimensions.product_group,
    dimensions.kind, count(*)
from (
    select floor(random() * %(days)s)::int as day,
           (%(provinces)s::text[])[1 + floor(random() * %(of_provinces)s)::int] as province,
           floor(random() * %(of_dimensions)s)::int as number
    from generate_series(1, %(events)s)
) as event
join unnest(%(indicators)s::text[], %(groups)s::text[], %(kinds)s::text[]) with ordinality
    as dimensions (indicator, product_group, kind, number) on dimensions.number = event.number + 1
group by 2, 4, 5, 6, 7 order by 2, 4, 5, 6, 7
"""
_COARSER_CELLS = """
insert into cells (generation, indicator, grain, start, province, product_group, kind, value)
select 1, indicator, %(grain)s, date_trunc(%(unit)s, start)::date, {province}, {product_group}, {kind}, sum(value)
from cells where grain = 'day' group by 2, 4, 5, 6, 7 order by 2, 4, 5, 6, 7
"""

Question = Callable[[sa.Connection], object]


def measure(sizes: Sizes) -> dict[str, Any]:
    """Ask each question in turn of the small and of the large database; return milliseconds and the plans."""
    with stage() as small, stage() as large:
        databases = {"small": _filled(small, sizes.small_journal), "large": _filled(large, sizes.large_journal)}
        answer = {name: _ask(question, databases, sizes) for name, question in QUESTIONS.items()}
        plans = {size: _plan(database) for size, database in databases.items()}
        for database in databases.values():
            database.close()
    return {"small_events": sizes.small_journal, "large_events": sizes.large_journal, "questions": answer, "plans": plans}


def _ask(question: Question, databases: dict[str, Database], sizes: Sizes) -> dict[str, Any]:
    times: dict[str, list[float]] = {size: [] for size in databases}
    for _ in range(sizes.rounds):
        taken: dict[str, list[float]] = {size: [] for size in databases}
        for _ in range(sizes.questions):
            for size, database in databases.items():
                began = time.perf_counter()
                with database.reading() as connection:
                    to_json(question(connection))
                taken[size].append((time.perf_counter() - began) * 1000)
        for size, milliseconds in taken.items():
            times[size].append(sorted(milliseconds)[len(milliseconds) // 2])
    return {f"{size}_milliseconds": spread(values) for size, values in times.items()}


def _filled(place: Stage, events: int) -> Database:
    place.migrate("reporting")
    names = list(indicators())
    groups = [str(group) for group in ProductGroup]
    dimensions = [
        (name, groups[(kind * _GROUPS_OF_A_KIND + group) % len(groups)], f"kind_{kind}")
        for name in names
        for kind in range(_KINDS)
        for group in range(_GROUPS_OF_A_KIND)
    ]
    values = {
        "first": _FIRST,
        "days": _DAYS,
        "provinces": list(PROVINCES),
        "of_provinces": len(PROVINCES),
        "of_dimensions": len(dimensions),
        "events": events,
        "indicators": [one[0] for one in dimensions],
        "groups": [one[1] for one in dimensions],
        "kinds": [one[2] for one in dimensions],
    }
    print(f"report: making the cells of {events:,} events", file=sys.stderr)
    url = sa.make_url(place.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, options="-c search_path=reporting -c work_mem=512MB") as connection:
        connection.execute(_DAY_CELLS, values)
        for unit, kept in product(("day", "month"), (*([name] for name in DIMENSIONS), DIMENSIONS)):
            if grain_of(unit, kept) != "day":
                columns = {name: name if name in kept else "''" for name in DIMENSIONS}
                connection.execute(_COARSER_CELLS.format(**columns), {"grain": grain_of(unit, kept), "unit": unit})
    with psycopg.connect(url, autocommit=True, options="-c search_path=reporting") as connection:
        connection.execute("vacuum analyze cells")
    return place.database("reporting")


def _plan(database: Database) -> dict[str, Any]:
    """Return how PostgreSQL answers the first question, and how many cells it had to choose from."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: object) -> None:
        if "cells" in statement:
            asked.append((statement, parameters))

    with database.reading() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        next(iter(QUESTIONS.values()))(connection)
        sa.event.remove(connection, "before_cursor_execute", note)
        explained = [connection.exec_driver_sql(f"explain (analyze, buffers) {text}", values) for text, values in asked]
        plans = [[line for (line,) in one] for one in explained]
        return {"cells": connection.scalar(sa.select(sa.func.count()).select_from(cells)), "explain": plans}


QUESTIONS: dict[str, Question] = {
    "violations by kind": lambda connection: report(connection, "violations", *_PERIOD, By.KIND),
    "violations by province": lambda connection: report(connection, "violations", *_PERIOD, By.PROVINCE),
    "violations by month": lambda connection: report(connection, "violations", *_PERIOD, By.MONTH),
    "violations of a province by kind": lambda connection: report(
        connection, "violations", *_PERIOD, By.KIND, where=Slice(province="79")
    ),
    "totals of all reports": lambda connection: totals(connection, *_PERIOD),
}
