"""One queue read over one connection."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from functools import partial

from pika.channel import Channel
from pika.frame import Method
from pika.spec import Basic, BasicProperties

from shared.messaging.brokers import Delivery
from shared.messaging.brokers.rabbitmq.address import Address
from shared.messaging.brokers.rabbitmq.deliveries import Found
from shared.messaging.brokers.rabbitmq.wire import Wire


class Line:
    """A place in the line of a queue's readers, the first of whom gets everything; one thread at a time may use it.

    The broker counts deliveries of each connection from 1; ``first_tag`` keeps those of two connections apart. ``arrived``
    is set when something came or the connection is lost. ``waiting`` and ``readers`` are what the broker last said of the
    queue: how many messages nobody has, and how many readers (of those with a single active one, only that).
    """

    def __init__(self, address: Address, queue: str, *, prefetch: int, first_tag: int, arrived: threading.Event) -> None:
        self.queue = queue
        self.ready: deque[Delivery] = deque()
        self.taken: dict[int, None] = {}  # not acknowledged yet, in order of arrival
        self.delivered = 0  # how many came: once there are some, it is this reader's turn until it leaves
        self.waiting = 0
        self.readers = 0
        self._prefetch = prefetch
        self._first_tag = first_tag
        self._arrived = arrived
        self._delivered_before = self._starved_looks = 0
        self._wire = Wire(address, f"reader {queue}", self._prepare, arrived.set, self._on_deliveries)

    @property
    def alive(self) -> bool:
        return not self._wire.lost

    def check(self) -> None:
        """Raise ``DependencyDown`` if the connection is lost."""
        self._wire.check()

    def take(self, limit: int) -> list[Delivery]:
        """Return what has come, up to ``limit``."""
        taken = [self.ready.popleft() for _ in range(min(limit, len(self.ready)))]
        self.taken.update((delivery.tag, None) for delivery in taken)
        return taken

    def ack(self, tags: Collection[int]) -> None:
        """Settle those of ``tags`` that were taken here."""
        given = {tag for tag in tags if tag in self.taken}
        # One ack may settle all up to its number, but only what was given may be settled.
        upto = 0
        for tag in self.taken:
            if tag not in given:
                break
            upto = tag
        single = sorted(tag for tag in given if tag > upto)
        for tag in given:
            del self.taken[tag]
        if given:
            self._wire.call(partial(self._settle, upto, single))

    def ask(self) -> None:
        """Ask the broker how the queue stands; does not wait for the answer."""
        self._wire.call(self._ask)

    def starved_looks(self) -> int:
        """Note one more look, and return in how many in a row messages waited and none came though it was our turn."""
        idle = self.delivered == self._delivered_before and not self.ready and not self.taken
        ours = bool(self.delivered) or not self.readers
        self._starved_looks = self._starved_looks + 1 if idle and ours and self.waiting else 0
        self._delivered_before = self.delivered
        return self._starved_looks

    def let_go(self) -> None:
        """Leave; does not wait for it.

        Of a reader that says goodbye RabbitMQ gives back what it holds only after the next reader has begun with what
        follows (3.10); of one that is just gone, before.
        """
        self._wire.drop(self._after_acks)
        self.ready.clear()
        self.taken.clear()

    def await_end(self, deadline: float) -> None:
        """Wait until the connection has ended, at most until ``deadline``."""
        self._wire.ended.wait(max(0.0, deadline - time.monotonic()))

    # --- in the wire's thread --------------------------------------------------------------------------------------------

    def _prepare(self, channel: Channel, ready: Callable[[], None]) -> None:
        self._channel = channel

        def consume(_frame: object) -> None:
            channel.basic_consume(self.queue, self._on_message, callback=lambda _frame: ready())

        channel.basic_qos(prefetch_count=self._prefetch, callback=consume)

    def _on_message(self, _channel: Channel, method: Basic.Deliver, _properties: BasicProperties, body: bytes) -> None:
        self._on_deliveries([Found(method.delivery_tag, method.routing_key, body)])

    def _on_deliveries(self, found: Sequence[Found]) -> None:
        first = self._first_tag
        arrived = [Delivery(body, first + tag, routing_key) for tag, routing_key, body in found]
        for delivery in arrived:
            delivery.read()  # now, while the database is at work on the batch before
        self.ready.extend(arrived)
        self.delivered = found[-1].tag
        if not self._arrived.is_set():
            self._arrived.set()

    def _after_acks(self, act: Callable[[], None]) -> None:
        """Act when the broker has read everything that was sent to it: it answers in turn."""
        if self._channel.is_open:
            self._channel.basic_qos(prefetch_count=self._prefetch, callback=lambda _frame: act())
        else:
            act()

    def _ask(self) -> None:
        if self._channel.is_open:
            self._channel.queue_declare(self.queue, passive=True, callback=self._on_answer)

    def _on_answer(self, frame: Method) -> None:
        self.waiting, self.readers = frame.method.message_count, frame.method.consumer_count

    def _settle(self, upto: int, single: Sequence[int]) -> None:
        if not self._channel.is_open:
            return
        if upto:
            self._channel.basic_ack(upto - self._first_tag, multiple=True)
        for tag in single:
            self._channel.basic_ack(tag - self._first_tag)
