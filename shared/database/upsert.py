"""Bulk statements: one call for each table and batch, whatever the number of rows.

PostgreSQL gets one statement over ``unnest`` arrays; SQLite runs its own prepared loop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any]


def insert_all(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert ``rows``; a conflict is an error."""
    _write(connection, table, rows, "")


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Insert the ``rows`` whose primary key is not there yet, and return the primary keys of those."""
    names = [column.name for column in table.primary_key]
    if not rows:
        return []
    rows = list({tuple(row[name] for name in names): row for row in reversed(rows)}.values())
    if connection.dialect.name == "sqlite":
        known = _known(connection, table, names, rows)
        rows = [row for row in rows if tuple(row[name] for name in names) not in known]
        _write(connection, table, rows, "")  # the write lock is held since the look-up, so nobody came between
        return [{name: row[name] for name in names} for row in rows]
    result = _write(connection, table, rows, f" ON CONFLICT DO NOTHING RETURNING {', '.join(names)}")
    read = [table.c[name].type.dialect_impl(connection.dialect).result_processor(connection.dialect, None) for name in names]
    return [
        {name: (process(value) if process else value) for name, process, value in zip(names, read, found, strict=True)}
        for found in (result or ())
    ]


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Row],
    *,
    add: Collection[str] = (),
    replace: Collection[str] = (),
) -> None:
    """Insert ``rows``; where the primary key is there, sum up the columns ``add`` and overwrite the columns ``replace``.

    Rows are written in order of their keys, so that two writers cannot deadlock. Raises ``ValueError`` when two rows
    have one key: fold them first.
    """
    names = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(str(row[name]) for name in names))
    keys = [tuple(row[name] for name in names) for row in ordered]
    if len(set(keys)) != len(keys):
        raise ValueError(f"two rows for {table.name} have one key; fold them first")
    changes = [f"{name} = {table.name}.{name} + excluded.{name}" for name in add]
    changes += [f"{name} = excluded.{name}" for name in replace]
    _write(connection, table, ordered, f" ON CONFLICT ({', '.join(names)}) DO UPDATE SET {', '.join(changes)}")


def _known(connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Row]) -> set[tuple[Any, ...]]:
    key = [table.c[name] for name in names]
    found: set[tuple[Any, ...]] = set()
    # SQLite allows 32,766 parameters; a chunk of 500 keys stays far below with any number of key columns in use.
    for start in range(0, len(rows), 500):
        wanted = [tuple(row[name] for name in names) for row in rows[start : start + 500]]
        condition = key[0].in_([one[0] for one in wanted]) if len(key) == 1 else sa.tuple_(*key).in_(wanted)
        found.update(tuple(one) for one in connection.execute(sa.select(*key).where(condition)))
    return found


def _write(connection: sa.Connection, table: sa.Table, rows: Sequence[Row], ending: str) -> Any:
    if not rows:
        return None
    names = tuple(rows[0])
    statement, processors = _statement(table, names, ending, connection.dialect)
    if connection.dialect.name == "sqlite":
        # Column by column: most columns need no conversion, and a comprehension over one column is the cheapest loop there is.
        columns = [[row[name] for row in rows] for name in names]
        converted = [
            [process(value) for value in values] if process else values
            for process, values in zip(processors, columns, strict=True)
        ]
        return connection.exec_driver_sql(statement, list(zip(*converted, strict=True)))
    arrays = {
        name: [process(row[name]) for row in rows] if process else [row[name] for row in rows]
        for name, process in zip(names, processors, strict=True)
    }
    return connection.exec_driver_sql(statement, arrays)


@cache
def _statement(
    table: sa.Table, names: tuple[str, ...], ending: str, dialect: sa.Dialect
) -> tuple[str, tuple[Callable[[Any], Any] | None, ...]]:
    types = [table.c[name].type.dialect_impl(dialect) for name in names]
    processors = tuple(one.bind_processor(dialect) for one in types)
    columns = ", ".join(names)
    if dialect.name == "sqlite":
        return f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(names))}){ending}", processors
    arrays = ", ".join(f"%({name})s::{one.compile(dialect)}[]" for name, one in zip(names, types, strict=True))
    return f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({arrays}){ending}", processors
