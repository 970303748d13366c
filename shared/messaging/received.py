"""One delivery, read, with what the inbox needs of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from shared.contracts.codec import read
from shared.kernel.ids import fingerprint


class Received:
    """A readable delivery. Raises ``Refused`` when it is not."""

    __slots__ = ("body", "event", "fingerprint", "key")

    def __init__(self, body: bytes) -> None:
        self.event, data = read(body)
        self.body = body
        self.key = self.event.key
        self.fingerprint = fingerprint(data)

    def row(self, now: datetime) -> dict[str, Any]:
        """Return its row of the inbox as if it were done."""
        return {"key": self.key, "state": "done", "fingerprint": self.fingerprint, "received_at": now}

    def waiting(self, position: int, due_at: datetime | None, error: str) -> dict[str, Any]:
        """Return the columns of one that waits for its first attempt."""
        return {
            "state": "retry",
            "position": position,
            "type": self.event.type,
            "subject": self.event.subject,
            "body": self.body.decode(),
            "attempts": 0,
            "due_at": due_at,
            "error": error,
        }
