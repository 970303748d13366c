"""The table of the everyday work of units."""

from __future__ import annotations

import sqlalchemy as sa

from services.planning.tables.metadata import metadata

# How often each step of an item type was done by a unit in a year, told apart by whom it was about where that matters.
work_done = sa.Table(
    "work_done",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("item_type", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("step", sa.Text, primary_key=True),
    sa.Column("about", sa.Text, primary_key=True),
    sa.Column("done", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
