"""What could not be read, or not be delivered, kept with its raw bytes and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import sqlalchemy as sa

from shared.kernel.errors import Refused
from shared.messaging.tables import quarantine
from shared.observability import metrics

# A line of a file may be this long before the rest of it is skipped; a broker's messages are far smaller.
_KEPT_BYTES = 8 * 1024 * 1024


class Item(NamedTuple):
    """Raw bytes, where they came from (a queue, or ``file:line``), and why they were refused."""

    body: bytes
    origin: str
    error: Refused

    @property
    def id(self) -> str:
        """The same bytes refused for the same reason are one item, however often they come."""
        return blake2b(self.error.reason.encode() + b"\x00" + self.body, digest_size=16).hexdigest()


def store(connection: sa.Connection, service: str, items: Sequence[Item], now: datetime) -> int:
    """Keep ``items`` and return how many were not there yet. What was replayed and comes again waits for a person again."""
    unique = {item.id: item for item in items}
    if not unique:
        return 0
    known = set(connection.scalars(sa.select(quarantine.c.id).where(quarantine.c.id.in_(unique))))
    if known:
        back = sa.and_(quarantine.c.id.in_(known), quarantine.c.state == "replayed")
        connection.execute(quarantine.update().where(back).values(state="quarantined"))
    new = [item for key, item in unique.items() if key not in known]
    if new:
        connection.execute(
            quarantine.insert(),
            [
                {
                    "id": item.id,
                    "received_at": now,
                    "origin": item.origin,
                    "reason": str(item.error.reason),
                    "pointer": item.error.pointer,
                    "detail": item.error.detail[:2000],
                    "body": item.body[:_KEPT_BYTES],
                }
                for item in new
            ],
        )
    for item in new:
        metrics.REFUSED.labels(service, str(item.error.reason)).inc()
    return len(new)
