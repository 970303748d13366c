"""Ctrl-C and SIGTERM, for a command that waits for the services' work."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import eventlet
from eventlet import hubs

from shared.kernel.errors import Interrupted

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible(patience: float) -> Iterator[None]:
    """Let a signal raise ``Interrupted`` in the block; kill the process if it has not been left ``patience`` seconds later.

    Python by itself raises ``KeyboardInterrupt`` in whichever green thread happens to run. That may be a service's own: it
    would die of it, and whoever waits for its work would wait for ever. A second signal ends the process at once.
    """
    waiting = eventlet.getcurrent()
    hub = hubs.get_hub()
    calls = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        for one in _SIGNALS:
            signal.signal(one, signal.SIG_DFL)
        calls.append(hub.schedule_call_global(0, waiting.throw, Interrupted(number)))
        calls.append(hub.schedule_call_global(patience, signal.raise_signal, signal.SIGKILL))

    before = {one: signal.signal(one, interrupt) for one in _SIGNALS}
    try:
        yield
    finally:
        for call in calls:
            call.cancel()
        for one, handler in before.items():
            signal.signal(one, handler)
