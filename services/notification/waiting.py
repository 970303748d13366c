"""How many letters wait, and for how long: what operators watch."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from services.notification.channels import channel_names
from services.notification.model import WAITING
from services.notification.tables import deliveries
from shared.observability import metrics
from shared.observability.measurement import age


def measure_waiting(connection: sa.Connection, now: datetime) -> None:
    """Set the gauges of every channel."""
    statement = (
        sa.select(deliveries.c.channel, sa.func.count(), sa.func.min(deliveries.c.created_at))
        .where(deliveries.c.state == sa.literal_column(f"'{WAITING}'"))  # spelt out, or SQLite would not see that the index fits
        .group_by(deliveries.c.channel)
    )
    waiting = {channel: (number, oldest) for channel, number, oldest in connection.execute(statement)}
    for channel in channel_names():
        number, oldest = waiting.get(channel, (0, None))
        metrics.NOTICE_WAITING.labels(channel).set(number)
        metrics.NOTICE_OLDEST.labels(channel).set(age(oldest, now))
