"""The broker of the server mode."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from shared.messaging import topology
from shared.messaging.brokers import Publisher, Subscription
from shared.messaging.brokers.rabbitmq.address import Address
from shared.messaging.brokers.rabbitmq.publisher import RabbitPublisher
from shared.messaging.brokers.rabbitmq.reader import RabbitSubscription
from shared.messaging.brokers.rabbitmq.standing import Management

# More than any connection will ever deliver.
_TAGS_OF_ONE_CONNECTION = 1 << 48


class RabbitBroker:
    """RabbitMQ behind ``url``, as ``Address`` describes it; queues are checked through ``management_url``, if given.

    Raises ``ChuanError`` for URLs that would not be safe.
    """

    def __init__(self, url: str, management_url: str = "") -> None:
        self._address = Address(url)
        self._management = Management(management_url) if management_url else None
        self._first_tags = count(0, _TAGS_OF_ONE_CONNECTION)

    def declare(self, queue: str, types: Collection[str], *, partitions: int = 1) -> None:
        # Loaded when it is needed: who only publishes does without kombu.
        from shared.messaging.brokers.rabbitmq.declaration import declare  # noqa: PLC0415

        declare(self._address, queue, types, partitions)
        if self._management:
            self._management.check(self._address.for_pika().virtual_host, topology.queues(queue, partitions))

    def subscribe(self, queue: str, *, partitions: int = 1, prefetch: int = 1500) -> Subscription:
        return RabbitSubscription(self._address, queue, partitions, prefetch=prefetch, first_tags=self._first_tags)

    def publisher(self) -> Publisher:
        return RabbitPublisher(self._address)

    def close(self) -> None:
        """Every connection belongs to a reader or a publisher, which closes it."""
