"""What exists on the broker: one topic exchange, durable queues for each service, and places for what finds no other.

Pure data, for ``brokers/rabbitmq`` (which declares it in development) and ``deploy/rabbitmq`` (which does in production).
Every argument means the same on RabbitMQ 3.10 and 4.x; none is left to a default, for the defaults differ.
"""

from __future__ import annotations

from types import MappingProxyType
from zlib import crc32

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
        # Of a service's copies one reads a queue and the others stand by: two at once would work on one subject side by
        # side, and each would decide without what the other has not committed yet.
        "x-single-active-consumer": True,
    }
)

# Dead letters are looked at and given back any number of times: their queue must not give them up.
DEAD_QUEUE = MappingProxyType({"x-queue-type": "quorum", "x-delivery-limit": 1_000_000})

# Each copy of a service with partitions reads a queue to which nothing comes: its number of readers is that of the copies.
# Of a queue with a single active consumer the broker counts only the one that is active.
ROLL_QUEUE = MappingProxyType({"x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT})

# A service whose queue is split into partitions has a queue for each, and the events of one subject are all in one of them.
# The publisher says in a header which of a fixed number of slots a subject falls into, and each partition is bound to its
# slots. The broker's own x-consistent-hash exchange would need no header, but after a restart of its node the same subject
# falls into another queue while earlier events wait in the first.
SLOT = "chuan-slot"
SLOTS = 16


def slot_of(subject: str) -> str:
    """Return the slot of a subject: the same in every process, version and year."""
    return f"{crc32(subject.encode()) % SLOTS:02}"


def queues(service: str, partitions: int) -> list[str]:
    """Return the names of a service's queues."""
    return [service] if partitions == 1 else [f"{service}.{number}" for number in range(partitions)]


def roll_queue(service: str) -> str:
    """Return the name of the queue whose readers are the copies of a service."""
    return f"{service}.copies"


def foreign_queues(service: str, partitions: int) -> list[str]:
    """Return the queues of which one exists when the service's queue is split in another way."""
    return [f"{service}.0"] if partitions == 1 else [service, f"{service}.{partitions}"]


def spreading_exchange(service: str) -> str:
    """Return the name of the exchange that spreads a service's events over its partitions."""
    return f"{EVENTS}.{service}"


def spreading_exchanges(service: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Return the exchanges of a service with partitions, each before those that name it."""
    spreading = spreading_exchange(service)
    return {f"{spreading}.rest": ("fanout", {}), spreading: ("headers", {"alternate-exchange": f"{spreading}.rest"})}


def spreading_bindings(service: str, partitions: int) -> list[tuple[str, str, dict[str, str]]]:
    """Return exchange, queue and arguments of each binding; what has no slot goes to the first partition, in order."""
    spreading, names = spreading_exchange(service), queues(service, partitions)
    slots = [(spreading, names[slot % partitions], {"x-match": "all", SLOT: f"{slot:02}"}) for slot in range(SLOTS)]
    return [*slots, (f"{spreading}.rest", names[0], {})]
