"""How the database means to answer: the plan of every statement a block runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

Plans = list[tuple[str, list[str]]]
"""Statements, each with the steps of its plan, as often as they were run."""

_EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@contextmanager
def explained() -> Iterator[Plans]:
    """Collect the plan of every statement on any database, before it is run."""
    plans: Plans = []

    def explain(connection: sa.Connection, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        if not statement.lstrip().upper().startswith(_EXPLAINED):
            return
        how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        cursor = connection.connection.cursor()
        cursor.execute(f"{how} {statement}", given[0] if many else given)
        plans.append((statement, [str(row[-1]) for row in cursor.fetchall()]))

    sa.event.listen(sa.Engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", explain)


def whole_tables(plans: Plans, *tables: str) -> Plans:
    """Return what reads one of ``tables`` from end to end, by SQLite's plans; walking an index in its order is no such thing."""
    read = tuple(f"SCAN {table}" for table in tables)
    found = ((statement, [step for step in plan if step.startswith(read) and "USING" not in step]) for statement, plan in plans)
    return [(statement, steps) for statement, steps in found if steps]
