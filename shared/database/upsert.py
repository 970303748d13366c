"""Bulk statements: one call for each table and batch, whatever the number of rows.

PostgreSQL gets one statement over ``unnest`` arrays; SQLite runs its own prepared loop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from shared.database.arrays import array_literal
from shared.database.types import Instant

Row = Mapping[str, Any]


@contextmanager
def sent_ahead(connection: sa.Connection) -> Iterator[None]:
    """Send the bulk statements inside without waiting for each: the server is at work while the next is put together.

    For statements that return nothing. What is wrong with one of them is raised at the end of the block.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    errors = connection.dialect.loaded_dbapi
    try:
        with driver.pipeline():
            yield
    except errors.Error as error:
        lost = connection.dialect.is_disconnect(error, driver, None)
        if lost:
            connection.invalidate(error)
        told = sa.exc.DBAPIError.instance("", None, error, errors.Error, connection_invalidated=lost, dialect=connection.dialect)
        raise told from error


def insert_all(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert ``rows``; a conflict is an error."""
    _write(connection, table, rows, "")


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Insert the ``rows`` whose primary key is not there yet, and return the primary keys of those.

    Rows are written in order of their keys, so that two writers cannot deadlock.
    """
    names = [column.name for column in table.primary_key]
    if not rows:
        return []
    key_of = itemgetter(*names)
    unique = {key_of(row): row for row in reversed(rows)}
    rows = [unique[key] for key in sorted(unique)]
    if connection.dialect.name == "sqlite":
        known = _known(connection, table, names, rows)
        rows = [row for row in rows if key_of(row) not in known]
        _write(connection, table, rows, "")  # the write lock is held since the look-up, so nobody came between
        return [{name: row[name] for name in names} for row in rows]
    result = _write(connection, table, rows, f" ON CONFLICT DO NOTHING RETURNING {', '.join(names)}")
    if result.rowcount == len(rows):
        return [{name: row[name] for name in names} for row in rows]
    read = [table.c[name].type.dialect_impl(connection.dialect).result_processor(connection.dialect, None) for name in names]
    return [
        {name: (process(value) if process else value) for name, process, value in zip(names, read, found, strict=True)}
        for found in result
    ]


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Row],
    *,
    add: Collection[str] = (),
    replace: Collection[str] = (),
    merge: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Insert ``rows``; where the primary key is there, sum up the columns ``add`` and overwrite the columns ``replace``.

    ``merge`` gives other columns an SQL expression over ``excluded`` and the table, both as they were before. Without any of
    these the row stays as it is.

    Rows are written in order of their keys, so that two writers cannot deadlock. Raises ``ValueError`` when two rows
    have one key: fold them first.
    """
    names = [column.name for column in table.primary_key]
    key_of = itemgetter(*names)
    keyed = {key_of(row): row for row in rows}
    if len(keyed) != len(rows):
        raise ValueError(f"two rows for {table.name} have one key; fold them first")
    changes = [f"{name} = {table.name}.{name} + excluded.{name}" for name in add]
    changes += [f"{name} = excluded.{name}" for name in replace]
    changes += [f"{name} = {expression}" for name, expression in merge.items()]
    ordered = [keyed[key] for key in sorted(keyed)]
    change = f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
    _write(connection, table, ordered, f" ON CONFLICT ({', '.join(names)}) DO {change}")


def _known(connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Row]) -> set[Any]:
    key = [table.c[name] for name in names]
    found: set[Any] = set()
    # SQLite allows 32,766 parameters; a chunk of 500 keys stays far below with any number of key columns in use.
    for start in range(0, len(rows), 500):
        wanted = [tuple(row[name] for name in names) for row in rows[start : start + 500]]
        condition = key[0].in_([one[0] for one in wanted]) if len(key) == 1 else sa.tuple_(*key).in_(wanted)
        known = connection.execute(sa.select(*key).where(condition))
        found.update(known.scalars() if len(key) == 1 else map(tuple, known))
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
        name: array_literal([process(row[name]) for row in rows] if process else [row[name] for row in rows])
        for name, process in zip(names, processors, strict=True)
    }
    return connection.exec_driver_sql(statement, arrays)


@cache
def _statement(
    table: sa.Table, names: tuple[str, ...], ending: str, dialect: sa.Dialect
) -> tuple[str, tuple[Callable[[Any], Any] | None, ...]]:
    types = [table.c[name].type.dialect_impl(dialect) for name in names]
    columns = ", ".join(names)
    if dialect.name == "sqlite":
        processors = tuple(one.bind_processor(dialect) for one in types)
        return f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(names))}){ending}", processors
    # The server reads values as text, so that the driver's own conversions are not needed: only a moment must be checked.
    checks = tuple(partial(one.process_bind_param, dialect=dialect) if isinstance(one, Instant) else None for one in types)
    arrays = ", ".join(f"%({name})s::{one.compile(dialect)}[]" for name, one in zip(names, types, strict=True))
    return f"INSERT INTO {table.name} ({columns}) SELECT * FROM unnest({arrays}){ending}", checks
