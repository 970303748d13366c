"""When a failed event is tried again."""

from __future__ import annotations

from datetime import timedelta

# Attempt 1 failed -> wait 1 s, and so on; the last step repeats. Short first: most faults are races that pass by themselves.
_LADDER = (1, 5, 30, 120, 600, 3600)

# A claimed attempt belongs to its claimer this long; a process that died frees its events by the clock.
LEASE = timedelta(seconds=60)


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after ``attempts`` failures."""
    return timedelta(seconds=_LADDER[min(attempts, len(_LADDER)) - 1])
