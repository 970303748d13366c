"""The journal of all events, and what is folded from it: points, cells and lists, one generation beside the next."""

from __future__ import annotations

import sqlalchemy as sa

from shared.database.types import Instant, Key, Serial

metadata = sa.MetaData()

# Every event of every contract, in order of arrival. Nothing is ever changed or removed here; all else can be rebuilt from it.
journal = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", Serial, primary_key=True),
    sa.Column("key", Key(), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("observed_at", Instant, nullable=False),
    sa.Column("time", Instant, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("product_group", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
# The day comes first because keys are random: the index then grows at its end, where events of one day are, and not everywhere.
sa.Index("journal_event", journal.c.day, journal.c.key, unique=True)
# Only few rows are notices, so the index over them costs the others nothing.
IS_NOTICE = sa.text("type = 'notification.notice_issued'")
sa.Index("journal_notices", journal.c.observed_at, journal.c.key, sqlite_where=IS_NOTICE, postgresql_where=IS_NOTICE)

# What each event added to which figure: the finest grain. A figure opens to its events here, and a report as it stood at a past
# moment is added up here from what had been published by then.
points = sa.Table(
    "points",
    metadata,
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("product_group", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", Key(), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
    sa.Column("published_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# The same figures summed up by day and by month, always ready: with all dimensions, and with each of them alone.
cells = sa.Table(
    "cells",
    metadata,
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("grain", sa.Text, primary_key=True),
    sa.Column("start", sa.Date, primary_key=True),
    sa.Column("province", sa.Text, primary_key=True),
    sa.Column("product_group", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What is open now, such as cases and clocks. The event that closes a row may come before the one that opens it.
listings = sa.Table(
    "listings",
    metadata,
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("listing", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("opened_at", Instant),
    sa.Column("opened_on", sa.Date),  # the legal day and key of the event that opened it
    sa.Column("opened_by", Key()),
    sa.Column("due_at", Instant),
    sa.Column("case_id", sa.Text),
    sa.Column("closed_at", Instant),
    sqlite_with_rowid=False,
)
IS_OPEN = sa.and_(listings.c.closed_at.is_(None), listings.c.opened_at.is_not(None))
sa.Index(
    "listings_open",
    listings.c.generation,
    listings.c.listing,
    listings.c.opened_at,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)

# One row: the generation that is read, and the one being built beside it, if any. Both are written to.
generations = sa.Table(
    "generations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("live", sa.Integer, nullable=False),
    sa.Column("building", sa.Integer),
)

# Reports as they were issued, byte by byte.
issued = sa.Table(
    "issued",
    metadata,
    sa.Column("report", sa.Text, primary_key=True),
    sa.Column("period_from", sa.Date, primary_key=True),
    sa.Column("period_to", sa.Date, nullable=False),
    sa.Column("cut_off", sa.Date, nullable=False),
    sa.Column("events", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
