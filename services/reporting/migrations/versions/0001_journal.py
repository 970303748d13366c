"""The journal, and points, cells and lists in their first generation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database.types import Instant, Key, Serial

revision = "reporting_0001"
down_revision = None
branch_labels = ("reporting",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "journal",
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
    op.create_index("journal_event", "journal", ["day", "key"], unique=True)
    notice = sa.text("type = 'notification.notice_issued'")
    op.create_index("journal_notices", "journal", ["observed_at", "key"], sqlite_where=notice, postgresql_where=notice)
    op.create_table(
        "points",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("indicator", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        *_dimensions(),
        sa.Column("key", Key(), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("published_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cells",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("indicator", sa.Text, primary_key=True),
        sa.Column("grain", sa.Text, primary_key=True),
        sa.Column("start", sa.Date, primary_key=True),
        *_dimensions(),
        sa.Column("value", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "listings",
        sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("listing", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("opened_at", Instant),
        sa.Column("opened_on", sa.Date),
        sa.Column("opened_by", Key()),
        sa.Column("due_at", Instant),
        sa.Column("case_id", sa.Text),
        sa.Column("closed_at", Instant),
        sqlite_with_rowid=False,
    )
    is_open = sa.text("closed_at IS NULL AND opened_at IS NOT NULL")
    op.create_index(
        "listings_open", "listings", ["generation", "listing", "opened_at"], sqlite_where=is_open, postgresql_where=is_open
    )
    generations = op.create_table(
        "generations",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("live", sa.Integer, nullable=False),
        sa.Column("building", sa.Integer),
    )
    op.bulk_insert(generations, [{"id": 1, "live": 1, "building": None}])
    op.create_table(
        "issued",
        sa.Column("report", sa.Text, primary_key=True),
        sa.Column("period_from", sa.Date, primary_key=True),
        sa.Column("period_to", sa.Date, nullable=False),
        sa.Column("cut_off", sa.Date, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("issued", "generations", "listings", "cells", "points", "journal"):
        op.drop_table(table)


def _dimensions() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, primary_key=True) for name in ("province", "product_group", "kind")]
