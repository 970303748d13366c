"""Feels the pulse of the process: how late its event loop wakes up a green thread that did nothing but sleep."""

from __future__ import annotations

import time

import eventlet

from shared.observability import metrics

_BEAT = 0.5  # seconds


class Pulse:
    """Measures from ``start`` to ``stop``. What is late here makes every service of the process late."""

    def start(self) -> None:
        """Begin, in a green thread of its own."""
        self._thread = eventlet.spawn(self._beat)

    def stop(self) -> None:
        """End it."""
        self._thread.kill()

    def _beat(self) -> None:
        while True:
            due = time.monotonic() + _BEAT
            eventlet.sleep(_BEAT)
            metrics.LOOP_LAG.observe(max(0.0, time.monotonic() - due))
