"""Business time: the wall clock in service, the events' own time when a file is processed.

Leases, retries and time-outs are physical and never use this clock.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


class Clock(Protocol):
    """What time it is for the law, and a way to wait for a later moment."""

    def now(self) -> datetime:
        """Return the present in UTC."""

    def wait_until(self, moment: datetime, *, at_most: float) -> bool:
        """Wait until ``moment`` has come, or ``at_most`` seconds have passed; tell whether it has come."""


class SystemClock:
    """The wall clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait_until(self, moment: datetime, *, at_most: float) -> bool:
        remaining = (moment - self.now()).total_seconds()
        if remaining > 0:
            threading.Event().wait(min(remaining, at_most))
        return self.now() >= moment


class EventClock:
    """A clock that stands still until it is advanced, so that a year of events gives the same figures on any day.

    Timers wait on it; ``settled`` tells when all of them have done what had fallen due.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._advanced = threading.Condition()
        self._waiting: dict[int, datetime] = {}

    def now(self) -> datetime:
        return self._now

    def advance_to(self, moment: datetime) -> None:
        """Move to ``moment``; a moment in the past changes nothing."""
        with self._advanced:
            self._now = max(self._now, moment)
            self._advanced.notify_all()

    def wait_until(self, moment: datetime, *, at_most: float) -> bool:
        with self._advanced:
            self._waiting[threading.get_ident()] = moment
            self._advanced.wait_for(lambda: self._now >= moment, timeout=at_most)
            return self._now >= moment

    def settled(self) -> bool:
        """Tell whether every timer is waiting for a moment still to come."""
        return all(moment > self._now for moment in self._waiting.values())
