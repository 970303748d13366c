"""Declares the topology with kombu."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from amqp.exceptions import AccessRefused, AMQPError
from kombu import Connection, Exchange, Queue
from kombu.exceptions import KombuError

from shared.contracts.codec import contracts_by_type
from shared.kernel.errors import DependencyDown
from shared.messaging import topology
from shared.messaging.brokers.rabbitmq.address import Address, advice

_CONNECT_SECONDS = 5
_ANSWER_SECONDS = 10


def declare(address: Address, queue: str, types: Collection[str]) -> None:
    """Make ``queue`` exist and get exactly the event types ``types``.

    Where this user may not (in production the topology comes from ``deploy/rabbitmq``), check that it exists. Raises
    ``DependencyDown`` when the broker is away, or holds something else under one of our names.
    """
    with _connected(address) as connection:
        try:
            with connection.channel() as channel:
                _declare_exchanges(channel)
                _declare_queue(channel, queue, types)
        except AccessRefused:
            with connection.channel() as channel:
                channel.exchange_declare(topology.EVENTS, type="topic", passive=True)
                channel.queue_declare(queue, passive=True)


def _declare_exchanges(channel: Any) -> None:
    for name, (kind, arguments) in topology.EXCHANGES.items():
        Exchange(name, kind, durable=True, arguments=dict(arguments), channel=channel).declare()
    dead = Exchange(topology.DEAD, "fanout")
    Queue(topology.DEAD, dead, durable=True, queue_arguments=dict(topology.DEAD_QUEUE), channel=channel).declare()


def _declare_queue(channel: Any, name: str, types: Collection[str]) -> None:
    queue = Queue(name, durable=True, queue_arguments=dict(topology.SERVICE_QUEUE), channel=channel)
    queue.declare()
    events = Exchange(topology.EVENTS, "topic")
    for event_type in types:
        queue.bind_to(events, routing_key=event_type)
    # AMQP does not tell what is bound; to unbind what is not is no error.
    for event_type in contracts_by_type().keys() - set(types):
        queue.unbind_from(events, routing_key=event_type)


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
