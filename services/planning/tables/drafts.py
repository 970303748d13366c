"""The tables of drafts of standards and regulations."""

from __future__ import annotations

import sqlalchemy as sa

from services.planning.tables.metadata import metadata
from shared.database.types import Instant

# What is known of a draft, and the stage it stands at: always the last of its steps. ``told_at`` is the legal time of the
# newest of what it is known from; ``handed_over_at`` when the TBT office was told, empty where no notification is due.
drafts = sa.Table(
    "drafts",
    metadata,
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
sa.Index("drafts_kind", drafts.c.kind, drafts.c.stage_at)
sa.Index("drafts_stage", drafts.c.stage, drafts.c.stage_at)
sa.Index("drafts_unit", drafts.c.unit, drafts.c.stage_at)
sa.Index("drafts_moved", drafts.c.stage_at, drafts.c.draft_id)

# The stages a draft reached, and the article that one reported by an outside body broke.
draft_steps = sa.Table(
    "draft_steps",
    metadata,
    sa.Column("draft_id", sa.Text, primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("reached_at", Instant, primary_key=True),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("in_force_on", sa.Date),
    sa.Column("objection", sa.Text, nullable=False),
)

# The notifications of drafts that the WTO circulated; one may be circulated again as a revision.
draft_notifications = sa.Table(
    "draft_notifications",
    metadata,
    sa.Column("draft_id", sa.Text, primary_key=True),
    sa.Column("symbol", sa.Text, primary_key=True),
    sa.Column("circulated_at", Instant, nullable=False),
)

# The drafts handed over that need no notification: who determined it, and why.
notifications_ruled_out = sa.Table(
    "notifications_ruled_out",
    metadata,
    sa.Column("draft_id", sa.Text, primary_key=True),
    sa.Column("ruled_out_at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)
