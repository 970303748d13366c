"""Notices, the public feed, deliveries, acknowledgements and gone addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database.types import Instant

revision = "notification_0001"
down_revision = None
branch_labels = ("notification",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("product_group", sa.Text, nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("recipients", sa.Integer, nullable=False),
        sa.Column("title_vi", sa.Text, nullable=False),
        sa.Column("text_vi", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("text_en", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("correlation_id", sa.Text, nullable=False),
        sa.Column("traceparent", sa.Text, nullable=False),
    )
    op.create_index("notices_newest", "notices", ["issued_at", "notice_id"])
    op.create_index("notices_by_kind", "notices", ["kind", "issued_at"])
    op.create_index("notices_by_province", "notices", ["province", "issued_at"])
    op.create_table(
        "feed_items",
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("published_at", Instant, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("product_group", sa.Text, nullable=False),
        sa.Column("title_vi", sa.Text, nullable=False),
        sa.Column("text_vi", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        sa.Column("text_en", sa.Text, nullable=False),
    )
    op.create_index("feed_items_newest", "feed_items", ["published_at", "item_id"])
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.Text, primary_key=True),
        sa.Column("notice_id", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("next_attempt_at", Instant, nullable=False),
        sa.Column("lease_until", Instant),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("settled_at", Instant),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "deliveries_due",
        "deliveries",
        ["channel", "next_attempt_at", "notice_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("deliveries_of_notice", "deliveries", ["notice_id", "state"])
    op.create_table(
        "acknowledgements",
        sa.Column("notice_id", sa.Text, primary_key=True),
        sa.Column("recipient", sa.Text, primary_key=True),
        sa.Column("acknowledged_at", Instant, nullable=False),
    )
    op.create_table(
        "gone_addresses",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("recipient", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("since", Instant, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("gone_addresses", "acknowledgements", "deliveries", "feed_items", "notices"):
        op.drop_table(table)
