"""Plans, clocks, risk and proposals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.database.types import Exact, Instant

revision = "planning_0001"
down_revision = None
branch_labels = ("planning",)
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _plans()
    _tasks()
    _drafts()
    _work()
    _clocks()
    _risk()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("proposals", "validated_levels", "product_signals", "site_signals", "clocks", "moments", "subjects"):
        op.drop_table(table)
    for table in ("work_done", "notifications_ruled_out", "draft_notifications", "draft_steps", "drafts"):
        op.drop_table(table)
    for table in ("task_ends", "tasks", "activities", "progress", "plan_items", "explanations", "plan_revisions", "plans"):
        op.drop_table(table)


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("unit_province", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("approved_at", Instant, nullable=False),
    )
    op.create_table(
        "plan_revisions",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("approved_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "explanations",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("explained_at", Instant, primary_key=True),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.create_table(
        "plan_items",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("event_type", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("unit_province", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("target", sa.BigInteger, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
    )
    op.create_index("plan_items_advanced_by", "plan_items", ["event_type", "year"])
    op.create_table(
        "progress",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("done", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "activities",
        sa.Column("event_type", sa.Text, primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("month", sa.Integer, primary_key=True),
        sa.Column("facts", sa.Text, primary_key=True),
        sa.Column("done", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("unit_province", sa.Text, nullable=False),
        sa.Column("given_at", Instant, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("tasks_unit", "tasks", ["unit", "given_at"])
    op.create_index("tasks_given", "tasks", ["given_at"])
    op.create_table(
        "task_ends",
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("ended_at", Instant, nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("draft_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("unit_province", sa.Text, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("affects_trade", sa.Boolean),
        sa.Column("follows_international", sa.Boolean),
        sa.Column("told_at", Instant, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("stage_at", Instant, nullable=False),
        sa.Column("handed_over_at", Instant),
    )
    op.create_index("drafts_kind", "drafts", ["kind", "stage_at"])
    op.create_index("drafts_stage", "drafts", ["stage", "stage_at"])
    op.create_index("drafts_unit", "drafts", ["unit", "stage_at"])
    op.create_index("drafts_moved", "drafts", ["stage_at", "draft_id"])
    op.create_table(
        "draft_steps",
        sa.Column("draft_id", sa.Text, primary_key=True),
        sa.Column("stage", sa.Text, primary_key=True),
        sa.Column("reached_at", Instant, primary_key=True),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("in_force_on", sa.Date),
        sa.Column("objection", sa.Text, nullable=False),
    )
    op.create_table(
        "draft_notifications",
        sa.Column("draft_id", sa.Text, primary_key=True),
        sa.Column("symbol", sa.Text, primary_key=True),
        sa.Column("circulated_at", Instant, nullable=False),
    )
    op.create_table(
        "notifications_ruled_out",
        sa.Column("draft_id", sa.Text, primary_key=True),
        sa.Column("ruled_out_at", Instant, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("officer", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
    )


def _work() -> None:
    op.create_table(
        "work_done",
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("item_type", sa.Text, primary_key=True),
        sa.Column("unit", sa.Text, primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("about", sa.Text, primary_key=True),
        sa.Column("done", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _clocks() -> None:
    op.create_table(
        "subjects",
        sa.Column("subject_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("unit_province", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
    )
    op.create_index("subjects_origin", "subjects", ["origin"])
    op.create_table(
        "moments",
        sa.Column("about", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("acted_at", Instant, primary_key=True),
        sa.Column("known_at", Instant, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clocks",
        sa.Column("clock_id", sa.Text, primary_key=True),
        sa.Column("duty", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Text, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("warn_at", Instant),
        sa.Column("due_at", Instant),
        sa.Column("satisfied_at", Instant),
        sa.Column("at_least", sa.Boolean, nullable=False),
        sa.Column("late_on_arrival", sa.Boolean, nullable=False),
        sa.Column("warned", sa.Boolean, nullable=False),
        sa.Column("announced", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("next_at", Instant),
    )
    op.create_index("clocks_subject", "clocks", ["subject_id"])
    waiting = sa.text("next_at IS NOT NULL")
    op.create_index("clocks_next", "clocks", ["next_at", "clock_id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("clocks_state", "clocks", ["state", "due_at"])


def _risk() -> None:
    op.create_table(
        "site_signals",
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("site_signals_province", "site_signals", ["province", "day"])
    op.create_table(
        "product_signals",
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("month", sa.Date, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("times", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "validated_levels",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("validated_at", Instant, primary_key=True),
        sa.Column("level", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
    )
    op.create_index("validated_levels_site", "validated_levels", ["site_id"])
    op.create_index("validated_levels_product", "validated_levels", ["product_id"])
    op.create_index("validated_levels_day", "validated_levels", ["day"])
    op.create_table(
        "targets",
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("told_at", Instant, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("product_group", sa.Text, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
    )
    op.create_index("targets_province", "targets", ["province", "site_id", "product_id"])
    op.create_table(
        "target_days",
        sa.Column("site_id", sa.Text, primary_key=True),
        sa.Column("product_id", sa.Text, primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("times", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "proposals",
        sa.Column("proposal_id", sa.Text, primary_key=True),
        sa.Column("site_id", sa.Text, nullable=False),
        sa.Column("product_id", sa.Text, nullable=False),
        sa.Column("province", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("not_after", sa.Date, nullable=False),
        sa.Column("score", Exact, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("chosen_by", sa.Text, nullable=False),
        sa.Column("month", sa.Date),
        sa.Column("rank", sa.Integer),
        sa.Column("expected_harm", Exact),
    )
    op.create_index("proposals_month", "proposals", ["month", "province", "rank"])
    op.create_index("proposals_site", "proposals", ["site_id"])
    op.create_index("proposals_time", "proposals", ["proposed_at"])
