"""Stops diverting when too much dies: a fault of ours must not send a whole backlog to the dead-letter desk."""

from __future__ import annotations

from collections import deque

from shared.kernel.errors import DependencyDown

_REMEMBERED = 200
_FEWEST_FAILURES = 50
_SHARE = 0.5


class Breaker:
    """Remembers how the last events ended.

    While more than half of them failed, and at least fifty, every further failure pauses consumption instead of being
    recorded: the event stays in the queue with its attempts unspent, is tried again after the pause, and the first one
    that succeeds lets the others through.
    """

    def __init__(self) -> None:
        self._failed: deque[bool] = deque(maxlen=_REMEMBERED)

    def succeeded(self, events: int) -> None:
        """Note events that were handled."""
        self._failed.extend([False] * min(events, _REMEMBERED))

    def failed(self, error: Exception) -> None:
        """Note an event that failed; raise ``DependencyDown`` when too many did."""
        failures = sum(self._failed)
        if failures >= _FEWEST_FAILURES and failures > _SHARE * len(self._failed):
            raise DependencyDown(f"{failures} of the last {len(self._failed)} events failed; the next one: {error}") from error
        self._failed.append(True)
