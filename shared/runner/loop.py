"""A piece of work done again and again in its own green thread: when woken, when there is more, and at intervals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog

from shared.kernel.errors import DependencyDown
from shared.runner.health import Health

log = structlog.get_logger()

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0


class Loop:
    """Calls ``work`` until stopped. ``work`` returns whether it should be called again at once.

    A missing dependency pauses the loop with growing waits; any other error is logged and waited out the same way, for
    the work is stored and must go on.
    """

    def __init__(self, name: str, work: Callable[[], bool], *, interval: float) -> None:
        self.wake = threading.Event()
        self.health = Health()
        self.resting = False  # the last call found nothing more to do
        self.name = name
        self._work = work
        self._interval = interval
        self._stopping = False
        self._done = threading.Event()
        self._pause = _FIRST_PAUSE

    @property
    def healthy(self) -> bool:
        """Whether the last call succeeded."""
        return not self.health.fault

    @property
    def ended(self) -> bool:
        """Whether it will not run again: it was stopped, or something that no loop outlives ended its thread."""
        return self._done.is_set()

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do until somebody wakes the loop."""
        return self.resting and not self.wake.is_set()

    def start(self, container: Any) -> None:
        """Begin, as a managed thread of the nameko ``container``."""
        container.spawn_managed_thread(self._run, identifier=self.name)

    def stop(self) -> None:
        """Let the present call finish, and return when it has."""
        self._stopping = True
        self.wake.set()
        self._done.wait()

    def _run(self) -> None:
        try:
            while not self._stopping:
                self.wake.clear()
                self.resting = False
                if not self._once() and not self._stopping:
                    self.resting = self.healthy
                    self.wake.wait(self._interval if self.healthy else self._pause)
        finally:
            self._done.set()

    def _once(self) -> bool:
        try:
            more = self._work()
        except DependencyDown as error:
            self._note_failure(error, expected=True)
            return False
        except Exception as error:  # noqa: BLE001 - the loop must outlive any fault of one round; nothing is lost, it is all stored
            self._note_failure(error, expected=False)
            return False
        if not self.healthy:
            log.info("loop_recovered", loop=self.name)
        self.health.succeeded()
        self._pause = _FIRST_PAUSE
        return more

    def _note_failure(self, error: Exception, *, expected: bool) -> None:
        if self.healthy or not expected:
            log.warning("loop_paused", loop=self.name, error=str(error), exc_info=None if expected else error)
        self._pause = _FIRST_PAUSE if self.healthy else min(self._pause * 2, _LONGEST_PAUSE)
        self.health.failed(error)
