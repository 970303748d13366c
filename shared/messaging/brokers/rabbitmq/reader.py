"""Reads one queue: deliveries are fetched ahead, up to the prefetch, and acknowledged many at a time."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from pika.channel import Channel
from pika.frame import Method
from pika.spec import Basic, BasicProperties, Queue

from shared.messaging.brokers import Delivery
from shared.messaging.brokers.rabbitmq.address import Address
from shared.messaging.brokers.rabbitmq.wire import Wire

_ANSWER_SECONDS = 5


class RabbitSubscription:
    """A reader with a connection of its own; one thread at a time may use it.

    The broker counts deliveries of each connection from 1; ``first_tag`` keeps those of two connections apart.
    """

    def __init__(self, address: Address, queue: str, *, prefetch: int, first_tag: int) -> None:
        self._queue = queue
        self._prefetch = prefetch
        self._first_tag = first_tag
        self._ready: deque[Delivery] = deque()
        self._taken: dict[int, None] = {}  # not acknowledged yet, in order of arrival
        self._arrived = threading.Event()
        self._wire = Wire(address, f"reader {queue}", self._prepare, self._arrived.set)

    @property
    def alive(self) -> bool:
        return not self._wire.lost

    def take(self, limit: int, *, timeout: float) -> list[Delivery]:
        self._await_first(time.monotonic() + timeout)
        self._wire.check()
        taken = [self._ready.popleft() for _ in range(min(limit, len(self._ready)))]
        self._taken.update((delivery.tag, None) for delivery in taken)
        return taken

    def starves(self) -> bool:
        """Tell whether messages wait and the broker knows of no reader: connected, but consuming nothing."""
        found = self._looked_up()
        return found is not None and found.message_count > 0 and found.consumer_count == 0

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        given = {delivery.tag for delivery in deliveries if delivery.tag in self._taken}
        # One ack may settle all up to its number, but only what was given may be settled.
        upto = 0
        for tag in self._taken:
            if tag not in given:
                break
            upto = tag
        single = sorted(tag for tag in given if tag > upto)
        for tag in given:
            del self._taken[tag]
        if given:
            self._wire.call(partial(self._settle, upto, single))

    def close(self) -> None:
        # Of a reader that says goodbye RabbitMQ gives back what it holds only after the next reader has begun with what
        # follows (3.10); of one that is just gone, before.
        self._wire.drop(self._after_acks)
        self._ready.clear()
        self._taken.clear()

    def _await_first(self, deadline: float) -> None:
        while not self._ready and self.alive:
            self._arrived.clear()
            # What arrived before the flag was cleared has been missed by nobody: it is looked for once more.
            if self._ready or not self.alive or not self._arrived.wait(max(0.0, deadline - time.monotonic())):
                return

    def _looked_up(self) -> Queue.DeclareOk | None:
        """Return how many messages and readers the queue has; None when the broker does not say in time."""
        answers: list[Queue.DeclareOk] = []
        answered = threading.Event()

        def note(frame: Method) -> None:
            answers.append(frame.method)
            answered.set()

        self._wire.call(lambda: self._look_up(note))
        answered.wait(_ANSWER_SECONDS)
        return answers[0] if answers else None

    # --- in the wire's thread --------------------------------------------------------------------------------------------

    def _prepare(self, channel: Channel, ready: Callable[[], None]) -> None:
        self._channel = channel

        def consume(_frame: object) -> None:
            channel.basic_consume(self._queue, self._on_message, callback=lambda _frame: ready())

        channel.basic_qos(prefetch_count=self._prefetch, callback=consume)

    def _on_message(self, _channel: Channel, method: Basic.Deliver, _properties: BasicProperties, body: bytes) -> None:
        self._ready.append(Delivery(body, self._first_tag + method.delivery_tag, method.routing_key))
        if not self._arrived.is_set():
            self._arrived.set()

    def _after_acks(self, act: Callable[[], None]) -> None:
        """Act when the broker has read everything that was sent to it: it answers in turn."""
        if self._channel.is_open:
            self._channel.basic_qos(prefetch_count=self._prefetch, callback=lambda _frame: act())
        else:
            act()

    def _look_up(self, note: Callable[[Method], None]) -> None:
        if self._channel.is_open:
            self._channel.queue_declare(self._queue, passive=True, callback=note)

    def _settle(self, upto: int, single: Sequence[int]) -> None:
        if not self._channel.is_open:
            return
        if upto:
            self._channel.basic_ack(upto - self._first_tag, multiple=True)
        for tag in single:
            self._channel.basic_ack(tag - self._first_tag)
