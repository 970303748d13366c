"""A broker inside the process.

It keeps nothing itself: a message is confirmed only when every queue bound to its type has acknowledged it, that is,
when every subscriber's inbox has stored it. Until then it stays in the publisher's outbox, so ``kill -9`` loses nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Sequence
from itertools import count
from typing import NamedTuple

from shared.kernel.errors import DependencyDown
from shared.messaging.brokers import Delivery, Fate, Message


class _Publication:
    """One ``publish`` call: how many queues have still to acknowledge each of its messages."""

    def __init__(self, copies: list[int]) -> None:
        self.copies = copies
        self.outstanding = sum(copies)


class _Copy(NamedTuple):
    """One message on one queue."""

    message: Message
    publication: _Publication
    place: int


class _Queue:
    def __init__(self) -> None:
        self.ready: deque[_Copy] = deque()
        self.unsettled: dict[int, _Copy] = {}
        self.readers: list[MemorySubscription] = []  # the first one reads, the others stand by
        self.abandoned = False  # its last reader stopped: nobody will acknowledge any more


class MemoryBroker:
    """Queues in this process, with the semantics of a topic exchange that the kit relies on."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}
        self.routes: dict[str, tuple[_Queue, ...]] = {}
        self.changed = threading.Condition()
        self.tags = count(1)
        self.acknowledged = 0  # copies so far

    def declare(self, queue: str, types: Collection[str], *, partitions: int = 1) -> None:  # noqa: ARG002 - one process has one reader
        with self.changed:
            own = self._queues.setdefault(queue, _Queue())
            for known, bound in list(self.routes.items()):
                self.routes[known] = tuple(other for other in bound if other is not own)
            for event_type in types:
                self.routes[event_type] = (*self.routes.get(event_type, ()), own)

    def subscribe(self, queue: str, *, partitions: int = 1, prefetch: int = 1500) -> MemorySubscription:  # noqa: ARG002
        with self.changed:
            if queue not in self._queues:
                raise DependencyDown(f"no queue {queue!r} was declared")
            return MemorySubscription(self, self._queues[queue], prefetch)

    def publisher(self) -> MemoryPublisher:
        return MemoryPublisher(self)

    def close(self) -> None:
        """Nothing is held that would have to be closed."""

    def withdraw(self, publication: _Publication) -> None:
        """Take back what nobody has begun to handle: its publisher gave up waiting and will send it again."""
        for queue in self._queues.values():
            queue.ready = deque(copy for copy in queue.ready if copy.publication is not publication)

    def unsettled(self) -> int:
        """Return how many copies are queued or being handled."""
        return sum(len(queue.ready) + len(queue.unsettled) for queue in self._queues.values())


class MemoryPublisher:
    """Publishes by putting messages on the queues."""

    blocked = False

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker
        self._closed = False

    def publish(self, messages: Sequence[Message], *, timeout: float) -> list[Fate]:
        if self._closed:
            raise DependencyDown("this publisher is closed")
        broker = self._broker
        with broker.changed:
            routes = [broker.routes.get(message.type, ()) for message in messages]
            publication = _Publication([len(queues) for queues in routes])
            for index, (message, queues) in enumerate(zip(messages, routes, strict=True)):
                for queue in queues:
                    queue.ready.append(_Copy(message, publication, index))
            broker.changed.notify_all()
            bound = {id(queue): queue for queues in routes for queue in queues}.values()
            broker.changed.wait_for(
                lambda: not publication.outstanding or any(queue.abandoned for queue in bound), timeout=timeout
            )
            if publication.outstanding:
                broker.withdraw(publication)
        return [
            Fate.UNKNOWN if left else Fate.CONFIRMED if queues else Fate.RETURNED
            for left, queues in zip(publication.copies, routes, strict=True)
        ]

    def close(self) -> None:
        self._closed = True


class MemorySubscription:
    """Reads one queue."""

    def __init__(self, broker: MemoryBroker, queue: _Queue, prefetch: int) -> None:
        self.alive = True
        self._broker = broker
        self._queue = queue
        self._prefetch = prefetch
        self._own: set[int] = set()
        queue.readers.append(self)
        queue.abandoned = False

    def take(self, limit: int, *, timeout: float) -> list[Delivery]:
        queue, changed = self._queue, self._broker.changed
        with changed:
            changed.wait_for(self._may_take, timeout=timeout)
            if not self.alive:
                raise DependencyDown("this reader is closed")
            taken = []
            for _ in range(min(limit, len(queue.ready), self._room())):
                copy = queue.ready.popleft()
                delivery = Delivery(copy.message.body, next(self._broker.tags), copy.message.type)
                queue.unsettled[delivery.tag] = copy
                self._own.add(delivery.tag)
                taken.append(delivery)
            return taken

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        with self._broker.changed:
            for delivery in deliveries:
                if delivery.tag in self._own:
                    self._own.remove(delivery.tag)
                    found = self._queue.unsettled.pop(delivery.tag)
                    found.publication.copies[found.place] -= 1
                    found.publication.outstanding -= 1
                    self._broker.acknowledged += 1
            self._broker.changed.notify_all()

    def close(self) -> None:
        with self._broker.changed:
            if not self.alive:
                return
            self.alive = False
            # In their old order, at the head: what was taken first is delivered first again.
            for tag in sorted(self._own, reverse=True):
                self._queue.ready.appendleft(self._queue.unsettled.pop(tag))
            self._own.clear()
            self._queue.readers.remove(self)
            self._queue.abandoned = not self._queue.readers
            self._broker.changed.notify_all()

    def _may_take(self) -> bool:
        return not self.alive or bool(self._queue.ready and self._room())

    def _room(self) -> int:
        """Return how many more deliveries this reader may hold; one that stands by holds none."""
        return self._prefetch - len(self._own) if self._queue.readers[0] is self else 0
