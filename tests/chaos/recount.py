"""Adds everything up again from the journal, with the rules the services use, and compares it with what they stored."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa

from services.planning.handlers.progress import written
from services.planning.model.risk import signal_of
from services.planning.rules.activities_count_towards_items import COUNTED, activity_of, amount_of
from services.reporting.indicators import readers
from services.reporting.model import entry_of, fold
from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from tests.chaos.ledger import Ledger

_CHUNK = 2000
_SHOWN = 5

# Every sum that services keep, and what tells its rows apart.
_STORED = {
    "reporting.cells": "indicator, grain, start, province, product_group, kind",
    "planning.activities": "event_type, year, month, facts",
    "planning.site_signals": "site_id, day, kind",
    "planning.product_signals": "product_id, month, kind",
}
_VALUES = {"reporting.cells": "value", "planning.activities": "done"}


def recount(connection: sa.Connection, ledger: Ledger) -> None:
    """Count by how much figures exceed the journal or fall short of it, and what stands in the journal twice."""
    expected: dict[str, Counter[tuple[Any, ...]]] = {table: Counter() for table in _STORED}
    keys: set[str] = set()
    rows = 0
    result = connection.execution_options(yield_per=_CHUNK).execute(sa.text("select key::text, body from reporting.journal"))
    for part in result.partitions():
        rows += len(part)
        keys.update(row[0] for row in part)
        _add(expected, [decode(row[1].encode()) for row in part])
    _compare_journal(connection, rows, keys, ledger)
    for table, columns in _STORED.items():
        _compare(connection, table, columns, expected[table], ledger)


def _add(expected: dict[str, Counter[tuple[Any, ...]]], events: list[Event[Any]]) -> None:
    for cell, value in fold([entry_of(event) for event in events], readers()).cells.items():
        expected["reporting.cells"][tuple(cell)] += value
    for event in events:
        if event.type in COUNTED:
            activity = activity_of(event)
            place = (activity.event_type, activity.year, activity.month, written(activity))
            expected["planning.activities"][place] += amount_of(event.data)
        signal = signal_of(event)
        if signal is not None:
            expected["planning.product_signals"][signal.product_id, signal.month, signal.kind] += 1
            for site in signal.sites:
                expected["planning.site_signals"][site.id, signal.day, signal.kind] += 1


def _compare_journal(connection: sa.Connection, rows: int, keys: set[str], ledger: Ledger) -> None:
    done = set(connection.scalars(sa.text("select key::text from reporting.inbox where state = 'done'")))
    ledger.counted_twice += rows - len(keys) + len(keys - done)
    ledger.counted_too_little += len(done - keys)
    for what, difference in (("journalled twice", rows - len(keys)), ("not journalled", len(done - keys))):
        if difference:
            ledger.findings.append(f"{difference} events {what}")


def _compare(connection: sa.Connection, table: str, columns: str, expected: Counter[tuple[Any, ...]], ledger: Ledger) -> None:
    value = _VALUES.get(table, "times")
    live = " where generation = (select live from reporting.generations)" if table == "reporting.cells" else ""
    rows = connection.execute(sa.text(f"select {columns}, {value} from {table}{live}"))
    stored = Counter({tuple(row[:-1]): int(row[-1]) for row in rows})
    too_much, too_little = stored - expected, expected - stored
    ledger.counted_twice += too_much.total()
    ledger.counted_too_little += too_little.total()
    for what, difference in (("too much", too_much), ("too little", too_little)):
        if difference:
            shown = [tuple(map(str, key)) for key in list(difference)[:_SHOWN]]
            ledger.findings.append(f"{table}: {difference.total()} {what}, for example {shown}")
