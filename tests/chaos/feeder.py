"""Feeds the system from outside, as partners do, and keeps the books of what the broker confirmed."""

from __future__ import annotations

import random
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from itertools import islice

import pika
from pika.exceptions import AMQPError

from services.cli import sample_year
from shared.contracts.codec import encode
from shared.kernel.errors import DependencyDown
from shared.messaging import topology
from shared.messaging.brokers import Fate, Message
from shared.messaging.brokers.rabbitmq.address import Address
from shared.messaging.brokers.rabbitmq.publisher import RabbitPublisher
from tests.chaos.hostile import Hostile, make

_YEAR = 2025
_CONFIRM_SECONDS = 20
_PAUSE = 0.2  # seconds between two attempts, and the longest between two chunks
_REPEATED_SHARE = 0.05
_REMEMBERED = 20_000


class Books:
    """What was published and confirmed: events by key with their type, how often more than once, and hostile bodies."""

    def __init__(self) -> None:
        self.types: dict[str, str] = {}
        self.repeats: Counter[str] = Counter()
        self.hostile: list[Hostile] = []

    @property
    def repeated(self) -> int:
        """How many messages were published beyond the first of their event."""
        return self.repeats.total()


class Feeder:
    """Publishes in a thread of its own, as far as it is allowed to: confirmed, and repeated until it is.

    Some ``at_once`` events go out, and after a pause some more.
    """

    def __init__(self, url: str, seed: int, events: int, *, at_once: int) -> None:
        self.books = Books()
        self._url = url
        self._at_once = at_once
        self._chance = random.Random(f"feed {seed}")
        self._events = sample_year.events(seed, _YEAR, events)
        self._recent: deque[tuple[str, Message]] = deque(maxlen=_REMEMBERED)
        self._publisher: RabbitPublisher | None = None
        self._orders: deque[Callable[[], None]] = deque()
        self._work = threading.Condition()
        self._busy = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def feed(self, number: int) -> None:
        """Let the next ``number`` events in, mixed with repetitions of earlier ones."""
        self._order(lambda: self._feed(number))

    def feed_rest(self) -> None:
        """Let all events in that are left."""
        self.feed(10**9)

    def repeat(self, number: int) -> None:
        """Publish some earlier events again, twice each, in any order."""
        self._order(lambda: self._repeat(number))

    def harass(self, number: int) -> None:
        """Publish hostile bodies."""
        self._order(lambda: self._harass(number))

    def idle(self) -> bool:
        """Tell whether all that was ordered has been done."""
        with self._work:
            return not self._orders and not self._busy

    def stop(self) -> None:
        """End the thread after the order at hand."""
        with self._work:
            self._stopping = True
            self._work.notify()
        self._thread.join()
        if self._publisher is not None:
            self._publisher.close()

    def _order(self, order: Callable[[], None]) -> None:
        with self._work:
            self._orders.append(order)
            self._work.notify()

    def _run(self) -> None:
        while True:
            with self._work:
                self._busy = False
                self._work.wait_for(lambda: self._orders or self._stopping)
                if self._stopping:
                    return
                self._busy = True
                order = self._orders.popleft()
            order()

    def _feed(self, number: int) -> None:
        while number > 0 and not self._stopping:
            events = list(islice(self._events, min(number, self._chance.randint(1, 2 * self._at_once))))
            if not events:
                return
            number -= len(events)
            chunk = [(event.key, Message(event.type, event.subject, encode(event))) for event in events]
            self._publish([message for _, message in chunk])
            self.books.types |= {key: message.type for key, message in chunk}
            self._recent += chunk
            if self._chance.random() < 0.5:
                self._repeat(round(len(chunk) * _REPEATED_SHARE))
            threading.Event().wait(self._chance.random() * _PAUSE)

    def _repeat(self, number: int) -> None:
        again = self._chance.sample(self._recent, min(number, len(self._recent))) * 2
        self._chance.shuffle(again)
        self._publish([message for _, message in again])
        self.books.repeats.update(key for key, _ in again)

    def _publish(self, messages: Sequence[Message]) -> None:
        """Publish until every message was confirmed."""
        left = list(messages)
        while left and not self._stopping:
            try:
                if self._publisher is None:
                    self._publisher = RabbitPublisher(Address(self._url))
                fates = self._publisher.publish(left, timeout=_CONFIRM_SECONDS)
            except DependencyDown:
                if self._publisher is not None:
                    self._publisher.close()
                self._publisher = None
                threading.Event().wait(_PAUSE)
            else:
                left = [message for message, fate in zip(left, fates, strict=True) if fate is not Fate.CONFIRMED]

    def _harass(self, number: int) -> None:
        for body in [make(self._chance) for _ in range(number)]:
            while not self._stopping and not self._confirmed(body):
                threading.Event().wait(_PAUSE)
            self.books.hostile.append(body)

    def _confirmed(self, hostile: Hostile) -> bool:
        headers = {} if hostile.compression is None else {"compression": hostile.compression}
        properties = pika.BasicProperties(
            content_type=hostile.content_type, content_encoding=hostile.content_encoding, headers=headers, delivery_mode=2
        )
        try:
            with pika.BlockingConnection(pika.URLParameters(self._url)) as connection:
                channel = connection.channel()
                channel.confirm_delivery()
                channel.basic_publish(topology.EVENTS, hostile.type, hostile.body, properties, mandatory=True)
        except (AMQPError, OSError):
            return False
        return True
