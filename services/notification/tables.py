"""The tables of the notification service.

What the public may read is a table of its own, which never held the name of a site.
"""

from __future__ import annotations

import sqlalchemy as sa

from shared.database.types import Instant

metadata = sa.MetaData()

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("notice_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("province", sa.Text, nullable=False),
    sa.Column("product_group", sa.Text, nullable=False),
    sa.Column("issued_at", Instant, nullable=False),  # legal time
    sa.Column("recipients", sa.Integer, nullable=False),
    sa.Column("title_vi", sa.Text, nullable=False),
    sa.Column("text_vi", sa.Text, nullable=False),
    sa.Column("title_en", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    # The notice_issued event, so that what is told of the deliveries later belongs to the same story.
    sa.Column("event_id", sa.Text, nullable=False),
    sa.Column("correlation_id", sa.Text, nullable=False),
    sa.Column("traceparent", sa.Text, nullable=False),
)
sa.Index("notices_newest", notices.c.issued_at, notices.c.notice_id)
sa.Index("notices_by_kind", notices.c.kind, notices.c.issued_at)
sa.Index("notices_by_province", notices.c.province, notices.c.issued_at)

feed_items = sa.Table(
    "feed_items",
    metadata,
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
sa.Index("feed_items_newest", feed_items.c.published_at, feed_items.c.item_id)

# One row for each recipient and channel of a notice. ``waiting`` rows are due at ``next_attempt_at``; one that is being
# sent is leased until ``lease_until``, and only the claim that raised ``fence`` last may settle it. These three are
# physical time; ``issued_at`` is legal time.
deliveries = sa.Table(
    "deliveries",
    metadata,
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
    sa.Column("answer", sa.Text, nullable=False),  # the receipt, or why the last attempt failed
    sa.Column("settled_at", Instant),
)
_waiting = deliveries.c.state == "waiting"
sa.Index(
    "deliveries_due",
    deliveries.c.channel,
    deliveries.c.next_attempt_at,
    deliveries.c.notice_id,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
sa.Index("deliveries_of_notice", deliveries.c.notice_id, deliveries.c.state)

acknowledgements = sa.Table(
    "acknowledgements",
    metadata,
    sa.Column("notice_id", sa.Text, primary_key=True),
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("acknowledged_at", Instant, nullable=False),
)

# Addresses that said they want nothing any more. ``address`` is a digest: another address of the recipient is used again.
gone_addresses = sa.Table(
    "gone_addresses",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("since", Instant, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
)
