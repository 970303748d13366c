"""What the broker tests send and receive."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence

from shared.messaging.brokers import Broker, Delivery, Fate, Message, Subscription

VIOLATION, CASE, SAMPLE = "inspection.violation_detected", "inspection.case_opened", "lab.sample_tested"

_PATIENCE = 20.0


def messages(count: int, event_type: str = VIOLATION, first: int = 0) -> list[Message]:
    """Return ``count`` numbered messages."""
    return [Message(event_type, "site/SAMPLE-1", f"{number}".encode()) for number in range(first, first + count)]


def bodies(deliveries: Iterable[Delivery | Message]) -> list[bytes]:
    """Return what was carried."""
    return [one.body for one in deliveries]


def take(subscription: Subscription, count: int, *, limit: int = 500) -> list[Delivery]:
    """Take until there are ``count`` deliveries; fewer come back only when patience runs out."""
    taken: list[Delivery] = []
    deadline = time.monotonic() + _PATIENCE
    while len(taken) < count and time.monotonic() < deadline:
        taken += subscription.take(min(limit, count - len(taken)), timeout=1)
    return taken


class Feed:
    """Publishes in the background the way a relay does: in order, and again what was not confirmed.

    One broker confirms when it has stored, another when the reader has: a test that reads must not wait for confirms.
    """

    def __init__(self, broker: Broker, outgoing: Sequence[Message]) -> None:
        self.fates: list[Fate] = []
        self._broker = broker
        self._outgoing = list(outgoing)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def join(self) -> list[Fate]:
        """Wait until everything was answered for good, and return the answers."""
        self._thread.join(_PATIENCE)
        return self.fates

    def _run(self) -> None:
        publisher = self._broker.publisher()
        left, deadline = self._outgoing, time.monotonic() + _PATIENCE
        while left and time.monotonic() < deadline:
            fates = publisher.publish(left, timeout=_PATIENCE)
            self.fates += [fate for fate in fates if fate is not Fate.UNKNOWN]
            left = [message for message, fate in zip(left, fates, strict=True) if fate is Fate.UNKNOWN]
            if left:
                threading.Event().wait(0.05)  # a relay does not insist either
        publisher.close()
