"""What the kit needs of a broker, and the two that offer it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from shared.contracts.envelope import check_arrival
from shared.kernel.errors import ChuanError, Refused
from shared.messaging.received import Received


class Message(msgspec.Struct, frozen=True):
    """An encoded event on its way out: ``type`` is the routing key, ``subject`` what its order holds for."""

    type: str
    subject: str
    body: bytes


@dataclass(slots=True)
class Delivery:
    """Raw bytes that arrived; ``tag`` is the broker's own name for them, never used twice by one ``Broker``."""

    body: bytes
    tag: int
    type: str = ""
    _content: Received | Refused | None = field(default=None, compare=False, repr=False)

    def read(self) -> Received | Refused:
        """Return what it says, or why it cannot be read. Whoever has time may ask early: it is read once."""
        if self._content is None:
            try:
                self._content = Received(self.body)
            except Refused as error:
                self._content = error
        return self._content

    def taken_in(self, arrived: datetime) -> Received | Refused:
        """Return what ``read`` does, unless the event says that it was published long after it ``arrived``."""
        content = self.read()
        if isinstance(content, Received):
            try:
                check_arrival(content.event, arrived)
            except Refused as error:
                return error
        return content


class Fate(StrEnum):
    """What became of a published message."""

    CONFIRMED = "confirmed"
    RETURNED = "returned"  # no queue is bound to its type
    REFUSED = "refused"  # the broker would not take it now
    REJECTED = "rejected"  # the broker would not take it as it is, or from this user
    UNKNOWN = "unknown"  # no answer in time: it may have arrived, so it is sent again under the same id


class Rejected(ChuanError):
    """The broker ended the channel over a message: it has no permission for its type, or the message is not as it must be."""


class Publisher(Protocol):
    """A way to publish with confirms."""

    @property
    def blocked(self) -> bool:
        """Whether the broker takes nothing from publishers, for it is short of memory or disk."""

    def publish(self, messages: Sequence[Message], *, timeout: float) -> list[Fate]:
        """Send all messages, wait for their confirms together, and return the fate of each.

        Raises ``DependencyDown`` when the broker is away, and ``Rejected`` when it ended the channel over one of the
        messages: which one, and what became of the others, only sending each alone can tell. The publisher is lost then.
        """

    def close(self) -> None:
        """Let go of the connection."""


class Subscription(Protocol):
    """A reader of one service's queue; ``alive`` is false once a connection of it is lost."""

    @property
    def alive(self) -> bool: ...

    def take(self, limit: int, *, timeout: float) -> list[Delivery]:
        """Return what has queued up, up to ``limit``; wait up to ``timeout`` seconds for the first.

        Raises ``DependencyDown`` when the broker is away.
        """

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Settle ``deliveries``: they are stored. Those of a lost connection are ignored; they come again."""

    def close(self) -> None:
        """Give back what was not acknowledged."""


class Broker(Protocol):
    """One topic exchange, and one durable queue for each service, which may be split into partitions by subject."""

    def declare(self, queue: str, types: Collection[str], *, partitions: int = 1) -> None:
        """Make sure that ``queue`` exists, split in this way, and gets exactly these event types.

        Raises ``DependencyDown`` when the broker is away, or the queue is not what the kit relies on.
        """

    def subscribe(self, queue: str, *, partitions: int = 1, prefetch: int = 1500) -> Subscription:
        """Open a reader of ``queue`` that holds at most ``prefetch`` deliveries not yet acknowledged; of partitions, twice that.

        Of several readers one gets everything, and the others stand by until it closes or is lost. Partitions are each
        read by one, and spread over the readers that there are.

        Raises ``DependencyDown`` when the broker is away or has no such queue.
        """

    def publisher(self) -> Publisher:
        """Open a publisher. Raises ``DependencyDown`` when the broker is away."""

    def close(self) -> None:
        """Close every connection."""


def connect(url: str, management_url: str = "") -> Broker:
    """Return the broker behind ``url``: ``memory://`` or ``amqp(s)://…``, with RabbitMQ's management interface if given."""
    if url.startswith("memory:"):
        from shared.messaging.brokers.memory import MemoryBroker  # noqa: PLC0415 - only the broker in use is loaded

        return MemoryBroker()
    from shared.messaging.brokers.rabbitmq.broker import RabbitBroker  # noqa: PLC0415

    return RabbitBroker(url, management_url)
