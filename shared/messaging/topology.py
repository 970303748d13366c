"""What exists on the broker: one topic exchange, one durable queue for each service, and places for what finds no other.

Pure data, for ``brokers/rabbitmq`` (which declares it in development) and ``deploy/rabbitmq`` (which does in production).
Every argument means the same on RabbitMQ 3.10 and 4.x; none is left to a default, for the defaults differ.
"""

from __future__ import annotations

from types import MappingProxyType

# Every event goes here, with its type as the routing key.
EVENTS = "chuan.events"

# What no queue is bound to. The kit publishes ``mandatory`` and hears of it as long as no queue is bound here either;
# production binds a queue of this name, for publishers that do not ask.
UNROUTABLE = "chuan.unroutable"

# What a queue gave up: exchange and queue of one name.
DEAD = "chuan.dead"

# A message that comes back more often than this, because its reader dies each time, goes to the dead letters. Handlers'
# own failures never come back: the inbox counts those.
DELIVERY_LIMIT = 20

EXCHANGES = MappingProxyType(
    {
        UNROUTABLE: ("fanout", {}),
        DEAD: ("fanout", {}),
        EVENTS: ("topic", {"alternate-exchange": UNROUTABLE}),
    }
)

SERVICE_QUEUE = MappingProxyType(
    {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD,
        # At least once needs reject-publish: without it the broker falls back to at most once, and says nothing.
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
        # Copies of a service stand by and one of them reads: two at once would work on one subject side by side, and each
        # would decide without what the other has not committed yet.
        "x-single-active-consumer": True,
    }
)

# Dead letters are looked at and given back any number of times: their queue must not give them up.
DEAD_QUEUE = MappingProxyType({"x-queue-type": "quorum", "x-delivery-limit": 1_000_000})
