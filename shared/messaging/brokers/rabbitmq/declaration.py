"""Declares the topology with kombu."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from amqp.exceptions import AccessRefused, AMQPError, NotFound
from kombu import Connection, Exchange, Queue
from kombu.exceptions import KombuError

from shared.contracts.codec import contracts_by_type
from shared.kernel.errors import DependencyDown
from shared.messaging import topology
from shared.messaging.brokers.rabbitmq.address import Address, advice

_CONNECT_SECONDS = 5
_ANSWER_SECONDS = 10


def declare(address: Address, queue: str, types: Collection[str], partitions: int) -> None:
    """Make ``queue`` exist, split in this way, and get exactly the event types ``types``.

    Where this user may not (in production the topology comes from ``deploy/rabbitmq``), check that it exists. Raises
    ``DependencyDown`` when the broker is away, or holds something else under one of our names.
    """
    with _connected(address) as connection:
        for name in topology.foreign_queues(queue, partitions):
            if _exists(connection, name):
                raise DependencyDown(
                    f"CHUAN_PARTITIONS is {partitions}, but the broker has a queue {name}, which nobody would read: "
                    "docs/scaling.md says how to change the number of partitions"
                )
        try:
            with connection.channel() as channel:
                _declare_exchanges(channel)
                _declare_queues(channel, queue, types, partitions)
        except AccessRefused:
            with connection.channel() as channel:
                channel.exchange_declare(topology.EVENTS, type="topic", passive=True)
                for name in topology.queues(queue, partitions):
                    channel.queue_declare(name, passive=True)


def _exists(connection: Connection, name: str) -> bool:
    try:
        with connection.channel() as channel:
            channel.queue_declare(name, passive=True)
    except NotFound:
        return False
    return True


def _declare_exchanges(channel: Any) -> None:
    _declare_each(channel, topology.EXCHANGES)
    dead = Exchange(topology.DEAD, "fanout")
    Queue(topology.DEAD, dead, durable=True, queue_arguments=dict(topology.DEAD_QUEUE), channel=channel).declare()


def _declare_each(channel: Any, exchanges: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
    for name, (kind, arguments) in exchanges.items():
        Exchange(name, kind, durable=True, arguments=dict(arguments), channel=channel).declare()


def _declare_queues(channel: Any, service: str, types: Collection[str], partitions: int) -> None:
    for name in topology.queues(service, partitions):
        Queue(name, durable=True, queue_arguments=dict(topology.SERVICE_QUEUE), channel=channel).declare()
    bind, unbind, target = channel.queue_bind, channel.queue_unbind, service
    if partitions > 1:
        roll = topology.roll_queue(service)
        Queue(roll, durable=True, queue_arguments=dict(topology.ROLL_QUEUE), channel=channel).declare()
        _declare_each(channel, topology.spreading_exchanges(service))
        for exchange, name, arguments in topology.spreading_bindings(service, partitions):
            channel.queue_bind(name, exchange, arguments=arguments)
        bind, unbind, target = channel.exchange_bind, channel.exchange_unbind, topology.spreading_exchange(service)
    for event_type in types:
        bind(target, topology.EVENTS, event_type)
    # AMQP does not tell what is bound; to unbind what is not is no error.
    for event_type in contracts_by_type().keys() - set(types):
        unbind(target, topology.EVENTS, event_type)


@contextmanager
def _connected(address: Address) -> Iterator[Connection]:
    try:
        with Connection(**address.for_kombu(), connect_timeout=_CONNECT_SECONDS) as connection:
            connection.connect()
            # Without this a broker that went silent would be waited for without end; read_timeout is for blocking sockets only.
            connection.connection.transport.sock.settimeout(_ANSWER_SECONDS)
            yield connection
    except (AMQPError, KombuError, OSError) as error:
        raise DependencyDown(f"broker {address.place}: {type(error).__name__} {error}{advice(error)}") from error
