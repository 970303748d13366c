"""Many values as one PostgreSQL array literal: made by joins, where the driver's own way looks at each value by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa


def array_literal(values: Sequence[Any]) -> str:
    """Return ``values`` as the text of an array; each element is its own ``str``, None is NULL."""
    if None in values:
        return "{" + ",".join("NULL" if value is None else f'"{_escaped(str(value))}"' for value in values) + "}"
    texts = [*map(str, values)]
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join(map(_escaped, texts))
    return '{"' + joined + '"}' if texts else "{}"


def among(column: sa.Column[Any], values: Sequence[Any], connection: sa.Connection) -> sa.ColumnElement[bool]:
    """Return the condition that ``column`` is one of ``values``; on PostgreSQL they are one parameter, however many they are."""
    if connection.dialect.name == "sqlite":
        return column.in_(values)
    return column == sa.any_(sa.cast(sa.literal(array_literal(values), sa.Text), sa.ARRAY(column.type)))


def one_of(column: sa.Column[Any], name: str, *, is_sqlite: bool) -> sa.ColumnElement[bool]:
    """Return the same condition for a statement that is built once and gets a ``listing`` as its parameter ``name``."""
    if is_sqlite:
        return column.in_(sa.bindparam(name, expanding=True))
    return column == sa.any_(sa.cast(sa.bindparam(name, type_=sa.Text), sa.ARRAY(column.type)))


def listing(values: Sequence[Any], *, is_sqlite: bool) -> Any:
    """Return ``values`` as the parameter of ``one_of``."""
    return list(values) if is_sqlite else array_literal(values)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
