"""A bound on how long something may take as a whole, however little of it each step takes."""

from __future__ import annotations

from contextlib import AbstractContextManager

import eventlet


def within(seconds: float) -> AbstractContextManager[object]:
    """Raise ``TimeoutError`` in the block when it has not been left after ``seconds``, at its next wait.

    The time-out of a socket begins anew with each byte: a peer that sends one now and then could hold its caller for ever.
    """
    bound: AbstractContextManager[object] = eventlet.Timeout(seconds, TimeoutError(f"not done after {seconds:g} s"))
    return bound
