"""The tables of planning."""

from __future__ import annotations

import sqlalchemy as sa

from services.planning.tables.drafts import draft_notifications as draft_notifications
from services.planning.tables.drafts import draft_steps as draft_steps
from services.planning.tables.drafts import drafts as drafts
from services.planning.tables.drafts import notifications_ruled_out as notifications_ruled_out
from services.planning.tables.metadata import metadata as metadata
from services.planning.tables.work import work_done as work_done
from shared.database.types import Exact, Instant

# Plans -------------------------------------------------------------------------------------------------------------

# The newest revision of each plan; ``body`` is the plan as JSON.
plans = sa.Table(
    "plans",
    metadata,
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("unit_province", sa.Text, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("approved_at", Instant, nullable=False),
)

# Every text of a plan that was ever in force, with who approved it and why it was changed.
plan_revisions = sa.Table(
    "plan_revisions",
    metadata,
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("approved_at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

# Why an item was not reached; the newest counts.
explanations = sa.Table(
    "explanations",
    metadata,
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("explained_at", Instant, primary_key=True),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
)

# The items of the plans, found by what advances them; ``counts`` is JSON, the values asked for by attribute.
plan_items = sa.Table(
    "plan_items",
    metadata,
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
sa.Index("plan_items_advanced_by", plan_items.c.event_type, plan_items.c.year)

# How far each item is: always the sum of the activities its plan counts.
progress = sa.Table(
    "progress",
    metadata,
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("done", sa.BigInteger, nullable=False),
)

# Everything countable that ever happened, added up by all that a plan can ask for: a plan that comes late counts it too.
activities = sa.Table(
    "activities",
    metadata,
    sa.Column("event_type", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("month", sa.Integer, primary_key=True),
    sa.Column("facts", sa.Text, primary_key=True),
    sa.Column("done", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Tasks -------------------------------------------------------------------------------------------------------------

# What superiors asked for, and what units set themselves beside their plans.
tasks = sa.Table(
    "tasks",
    metadata,
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
sa.Index("tasks_unit", tasks.c.unit, tasks.c.given_at)
sa.Index("tasks_given", tasks.c.given_at)

# How tasks ended: done, or returned for a reason. A separate table, for the end may be heard of before the beginning.
task_ends = sa.Table(
    "task_ends",
    metadata,
    sa.Column("task_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("ended_at", Instant, nullable=False),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

# Clocks ------------------------------------------------------------------------------------------------------------

# What clocks run for, and every other id that acts are done to, be it only to be held while they are worked out; of such
# the kind is empty. Site and product are JSON, or empty.
subjects = sa.Table(
    "subjects",
    metadata,
    sa.Column("subject_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("unit_province", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
)
sa.Index("subjects_origin", subjects.c.origin)

# When each act that starts or stops a clock was done, and first known; ``about`` is the id it was done to.
moments = sa.Table(
    "moments",
    metadata,
    sa.Column("about", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("acted_at", Instant, primary_key=True),
    sa.Column("known_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# ``next_at`` is when the clock has something to announce next; empty when it never will again. A duty for which the law sets
# no time has no ``due_at``.
clocks = sa.Table(
    "clocks",
    metadata,
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
sa.Index("clocks_subject", clocks.c.subject_id)
sa.Index("clocks_state", clocks.c.state, clocks.c.due_at)
sa.Index(
    "clocks_next",
    clocks.c.next_at,
    clocks.c.clock_id,
    sqlite_where=clocks.c.next_at.is_not(None),
    postgresql_where=clocks.c.next_at.is_not(None),
)

# Risk --------------------------------------------------------------------------------------------------------------

# How often each kind of thing went wrong at a site, by day.
site_signals = sa.Table(
    "site_signals",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("times", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index("site_signals_province", site_signals.c.province, site_signals.c.day)

# The same for a product in the whole country, by month: a product has few rows however often it fails.
product_signals = sa.Table(
    "product_signals",
    metadata,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("month", sa.Date, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("times", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# The levels of risk that were confirmed for cases; the latest of a case stands.
validated_levels = sa.Table(
    "validated_levels",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("validated_at", Instant, primary_key=True),
    sa.Column("level", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("site_id", sa.Text, nullable=False),
    sa.Column("product_id", sa.Text, nullable=False),
)
sa.Index("validated_levels_site", validated_levels.c.site_id)
sa.Index("validated_levels_product", validated_levels.c.product_id)
sa.Index("validated_levels_day", validated_levels.c.day)

# What could be visited: each site's products, both as JSON, as they were told of at the latest legal time.
targets = sa.Table(
    "targets",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("told_at", Instant, nullable=False),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("product_group", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("product", sa.Text, nullable=False),
)
sa.Index("targets_province", targets.c.province, targets.c.site_id, targets.c.product_id)

# The days on which a site's product was looked at, found in breach, or signalled.
target_days = sa.Table(
    "target_days",
    metadata,
    sa.Column("site_id", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("times", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Targeted inspections asked for; ``day`` is the legal day of the violation that led to it, or the first of the ``month``
# whose visits were chosen; then ``rank`` is its place in its province. Site, product, reasons are JSON.
proposals = sa.Table(
    "proposals",
    metadata,
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
sa.Index("proposals_site", proposals.c.site_id)
sa.Index("proposals_month", proposals.c.month, proposals.c.province, proposals.c.rank)
sa.Index("proposals_time", proposals.c.proposed_at)
