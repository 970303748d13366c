"""Reads a service's queue: deliveries are fetched ahead, up to the prefetch, and acknowledged many at a time.

Of partitions each is read over a connection of its own, for only a reader that is gone hands a partition on in order: one
that cancels keeps what it holds while the next reader begins with what follows. The broker gives a partition to the reader
that has stood by for it longest, so the first copy of a service gets all of them, and lets go of what is more than its
share: it goes to the end of the line. What is let go comes to a copy with room after as many steps as there are copies.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress

import structlog

from shared.kernel.errors import DependencyDown
from shared.messaging import topology
from shared.messaging.brokers import Delivery
from shared.messaging.brokers.rabbitmq.address import Address
from shared.messaging.brokers.rabbitmq.line import Line
from shared.observability import metrics

log = structlog.get_logger()

_LOOK_SECONDS = 2.0
# So many looks in a row the queue held something, it was this reader's turn, and nothing came.
_STARVING_LOOKS = 8
_CLOSE_SECONDS = 5.0


class RabbitSubscription:
    """A reader of all partitions of a queue; one thread at a time may use it."""

    def __init__(self, address: Address, queue: str, partitions: int, *, prefetch: int, first_tags: Iterator[int]) -> None:
        self._address = address
        self._queue = queue
        self._prefetch = prefetch if partitions == 1 else max(1, 2 * prefetch // partitions)
        self._first_tags = first_tags
        self._arrived = threading.Event()
        self._look_at = time.monotonic() + _LOOK_SECONDS
        self._lines: deque[Line] = deque()
        self._roll: Line | None = None
        try:
            for name in topology.queues(queue, partitions):
                self._lines.append(self._open(name))
            if partitions > 1:
                self._roll = self._open(topology.roll_queue(queue))
        except DependencyDown:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        return all(line.alive for line in self._all())

    def take(self, limit: int, *, timeout: float) -> list[Delivery]:
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + _LOOK_SECONDS
            self._look_around()
        self._await_first(time.monotonic() + timeout)
        taken: list[Delivery] = []
        for line in self._lines:
            line.check()
            taken += line.take(limit - len(taken))
        self._lines.rotate(-1)  # a partition that fills a whole batch lets the next one go first
        return taken

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        given = {delivery.tag for delivery in deliveries}
        for line in self._lines:
            line.ack(given)

    def close(self) -> None:
        for line in self._all():
            line.let_go()
        deadline = time.monotonic() + _CLOSE_SECONDS
        for line in self._all():
            line.await_end(deadline)

    def _all(self) -> list[Line]:
        return [*self._lines, *([self._roll] if self._roll else [])]

    def _open(self, name: str) -> Line:
        return Line(self._address, name, prefetch=self._prefetch, first_tag=next(self._first_tags), arrived=self._arrived)

    def _await_first(self, deadline: float) -> None:
        while not self._may_take():
            self._arrived.clear()
            # What arrived before the flag was cleared has been missed by nobody: it is looked for once more.
            if self._may_take() or not self._arrived.wait(max(0.0, deadline - time.monotonic())):
                return

    def _may_take(self) -> bool:
        return any(line.ready or not line.alive for line in self._lines)

    def _look_around(self) -> None:
        """Use what the broker told since the last look, and ask it again; does not wait for the answers."""
        copies = self._roll.readers if self._roll else 1
        share = -(-len(self._lines) // max(1, copies))
        for line in [one for one in self._lines if one.delivered][share:]:
            self._reopen(line, "surplus")
        for line in list(self._lines):
            if line.starved_looks() >= _STARVING_LOOKS:
                log.warning("reader_starved", queue=line.queue, waiting=line.waiting)
                self._reopen(line, "starved")
        for line in self._all():
            line.ask()

    def _reopen(self, line: Line, reason: str) -> None:
        """Go to the end of the line for a queue; what is held of it goes to the next reader, in order."""
        if line.taken:
            return  # at work on it: later
        line.let_go()
        line.await_end(time.monotonic() + _CLOSE_SECONDS)
        metrics.CONSUMER_REOPENED.labels(self._queue, reason).inc()
        with suppress(DependencyDown):  # the line stays lost, and the next one who takes hears of it
            self._lines[self._lines.index(line)] = self._open(line.queue)
