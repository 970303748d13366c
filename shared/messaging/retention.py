"""How long the kit remembers: what was published is forgotten after weeks, what was received only after years.

An event that is sent again after its inbox row was removed would count twice. So the inbox must remember longer than
anything can come back: partners' re-sends, replays from the dead-letter desk, the rows of an outbox.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from shared.kernel.errors import ChuanError
from shared.messaging.tables import inbox, outbox
from shared.room import Room
from shared.settings import Settings

_AT_ONCE = 5000


def check_retention(settings: Settings) -> None:
    """Raise ``ChuanError`` when an event could come again that an inbox has forgotten, or be wanted that no outbox has."""
    if settings.outbox_retention_days <= settings.replay_horizon_days:
        raise ChuanError(
            f"CHUAN_OUTBOX_RETENTION_DAYS is {settings.outbox_retention_days}, but events may be sent again for "
            f"{settings.replay_horizon_days} days (CHUAN_REPLAY_HORIZON_DAYS): by then they would be gone"
        )
    horizon = settings.outbox_retention_days
    if settings.inbox_retention_days <= horizon:
        raise ChuanError(
            f"CHUAN_INBOX_RETENTION_DAYS is {settings.inbox_retention_days}, but events may come again for {horizon} days "
            "(CHUAN_REPLAY_HORIZON_DAYS, CHUAN_OUTBOX_RETENTION_DAYS): an event that comes later would count twice"
        )


def forget_expired(room: Room) -> bool:
    """Remove a bounded number of expired rows, and tell whether there may be more."""
    now, settings = room.wall(), room.settings
    sent = outbox.c.published_at < now - timedelta(days=settings.outbox_retention_days)
    done = sa.and_(inbox.c.state == "done", inbox.c.received_at < now - timedelta(days=settings.inbox_retention_days))
    with room.database.alone("retention") as may:
        if not may():
            return False
        with room.database.writing() as connection:
            # The oldest numbers come first in the key, so this looks at few rows even when none has expired.
            oldest = sa.select(outbox.c.seq).order_by(outbox.c.seq).limit(_AT_ONCE)
            removed = connection.execute(outbox.delete().where(outbox.c.seq.in_(oldest), sent)).rowcount
        with room.database.writing() as connection:
            expired = sa.select(inbox.c.key).where(done).limit(_AT_ONCE)
            removed = max(removed, connection.execute(inbox.delete().where(inbox.c.key.in_(expired))).rowcount)
    return removed == _AT_ONCE
