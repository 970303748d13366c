"""The tables that every service's database has beside its own."""

from __future__ import annotations

import sqlalchemy as sa

from shared.database.types import Instant, Key, Serial

metadata = sa.MetaData()

# Every event that ever arrived. A row says ``done`` in the same transaction as the event's effects, so the effects happen
# once; ``retry`` waits for another attempt and holds back later events of its subject; ``dead`` waits for a person, who
# has it tried again or ``dropped``.
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("key", Key(), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.BigInteger, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    # The columns below are filled only while an event is not done.
    sa.Column("position", sa.BigInteger),
    sa.Column("type", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("body", sa.Text),
    sa.Column("attempts", sa.Integer),
    sa.Column("due_at", Instant),
    sa.Column("error", sa.Text),
    sa.Column("handler", sa.Text),  # the function of ours that failed; null for what only waits
    sqlite_with_rowid=False,
)
# The few rows that are not done have an index of their own. A planner uses it only for questions that say so themselves,
# in these very words: a state that comes as a parameter could be any.
UNSETTLED = inbox.c.state != sa.literal_column("'done'")
WAITING_FOR_RETRY = sa.and_(UNSETTLED, inbox.c.state == sa.literal_column("'retry'"))
sa.Index(
    "inbox_unsettled",
    inbox.c.state,
    inbox.c.due_at,
    sqlite_where=UNSETTLED,
    postgresql_where=UNSETTLED,
)

# Rows come in order of time, so a few pages of an index tell where the expired ones are.
sa.Index("inbox_received", inbox.c.received_at, postgresql_using="brin").ddl_if(dialect="postgresql")

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("seq", Serial, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("published_at", Instant),
    sa.Column("returned_at", Instant),  # no queue was bound to its type; it is tried again from time to time
    # How often the broker rejected it, and when it is tried again; until then later events of its subject wait.
    sa.Column("rejections", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", Instant),
    sqlite_autoincrement=True,
)
REJECTED = sa.and_(outbox.c.published_at.is_(None), outbox.c.rejections > sa.literal_column("0"))
sa.Index("outbox_rejected", outbox.c.due_at, sqlite_where=REJECTED, postgresql_where=REJECTED)
sa.Index(
    "outbox_unpublished",
    outbox.c.seq,
    sqlite_where=outbox.c.published_at.is_(None),
    postgresql_where=outbox.c.published_at.is_(None),
)

# What could not be read: the raw bytes, where they came from, and why. ``quarantined`` waits for a person, who has it
# ``replayed`` or ``dropped``.
quarantine = sa.Table(
    "quarantine",
    metadata,
    sa.Column("id", Key(), primary_key=True),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("pointer", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="quarantined"),
)

# A timer's slot is claimed by inserting it: of several copies only one succeeds.
timer_slots = sa.Table(
    "timer_slots",
    metadata,
    sa.Column("timer", sa.Text, primary_key=True),
    sa.Column("slot", sa.BigInteger, nullable=False),
)

# Events that a process took soon after its start and has not finished. What a process finds here when it starts was being
# handled when another one died.
underway = sa.Table("underway", metadata, sa.Column("key", Key(), primary_key=True))

# Each time that too many events failed, so that consumption stopped rather than give them up; an open row has no end.
breaker_trips = sa.Table(
    "breaker_trips",
    metadata,
    sa.Column("number", Serial, primary_key=True),
    sa.Column("tripped_at", Instant, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("closed_by", sa.Text),
    sa.Column("allowance", sa.Integer, nullable=False),  # how many failures a person lets pass before they count again
)

# What people did at the dead-letter desk: only ever added to, each row with a digest over itself and the row before.
desk_acts = sa.Table(
    "desk_acts",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),  # empty for an act that is about no single letter
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
)
sa.Index("desk_acts_letter", desk_acts.c.letter, desk_acts.c.number)

# Other bytes for a letter: one person proposes them, another one decides. The original stays.
desk_edits = sa.Table(
    "desk_edits",
    metadata,
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
sa.Index("desk_edits_letter", desk_edits.c.letter)
