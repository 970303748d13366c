"""Inbox, outbox, quarantine, dead-letter desk and timer slots of every service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database.types import Instant, Key, Serial

revision = "kit_0001"
down_revision = None
branch_labels = ("kit",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "inbox",
        sa.Column("key", Key(), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.BigInteger, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("position", sa.BigInteger),
        sa.Column("type", sa.Text),
        sa.Column("subject", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("attempts", sa.Integer),
        sa.Column("due_at", Instant),
        sa.Column("error", sa.Text),
        sa.Column("handler", sa.Text),
        sqlite_with_rowid=False,
    )
    unsettled = sa.text("state != 'done'")
    op.create_index("inbox_unsettled", "inbox", ["state", "due_at"], sqlite_where=unsettled, postgresql_where=unsettled)
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("inbox_received", "inbox", ["received_at"], postgresql_using="brin")
    op.create_table(
        "outbox",
        sa.Column("seq", Serial, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("published_at", Instant),
        sa.Column("returned_at", Instant),
        sa.Column("rejections", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", Instant),
        sqlite_autoincrement=True,
    )
    unpublished = sa.text("published_at IS NULL")
    op.create_index("outbox_unpublished", "outbox", ["seq"], sqlite_where=unpublished, postgresql_where=unpublished)
    rejected = sa.text("published_at IS NULL AND rejections > 0")
    op.create_index("outbox_rejected", "outbox", ["due_at"], sqlite_where=rejected, postgresql_where=rejected)
    op.create_table(
        "quarantine",
        sa.Column("id", Key(), primary_key=True),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("pointer", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="quarantined"),
    )
    op.create_table(
        "timer_slots",
        sa.Column("timer", sa.Text, primary_key=True),
        sa.Column("slot", sa.BigInteger, nullable=False),
    )
    op.create_table("underway", sa.Column("key", Key(), primary_key=True))
    op.create_table(
        "breaker_trips",
        sa.Column("number", Serial, primary_key=True),
        sa.Column("tripped_at", Instant, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("closed_at", Instant),
        sa.Column("closed_by", sa.Text),
        sa.Column("allowance", sa.Integer, nullable=False),
    )
    op.create_table(
        "desk_acts",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("letter", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )
    op.create_index("desk_acts_letter", "desk_acts", ["letter", "number"])
    _only_add_to("desk_acts")
    op.create_table(
        "desk_edits",
        sa.Column("id", Key(), primary_key=True),
        sa.Column("letter", Key(), nullable=False),
        sa.Column("original", sa.LargeBinary, nullable=False),
        sa.Column("proposed", sa.LargeBinary, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", Instant),
    )
    op.create_index("desk_edits_letter", "desk_edits", ["letter"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("desk_edits", "desk_acts", "breaker_trips", "underway", "timer_slots", "quarantine", "outbox", "inbox"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _only_add_to(table: str) -> None:
    """Let the database itself refuse to change or remove a row."""
    words = "rows are only added to this table"
    if op.get_bind().dialect.name == "postgresql":
        refuse = f"BEGIN RAISE EXCEPTION '{words}'; END"
        op.execute(f"CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $${refuse}$$")
        occasions = "UPDATE OR DELETE OR TRUNCATE"
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE {occasions} ON {table} EXECUTE FUNCTION refuse_change()")
        return
    for occasion in ("UPDATE", "DELETE"):
        refuse = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        op.execute(f"CREATE TRIGGER {table}_kept_{occasion.lower()} BEFORE {occasion} ON {table} {refuse}")
