"""What a queue is, and what a user may do, on a broker where services declare nothing."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from shared.kernel.errors import DependencyDown
from shared.messaging import topology
from shared.messaging.brokers import Broker, Fate, Message, Rejected, connect
from tests.conformance.traffic import VIOLATION, messages, take
from tests.servers import use

pytestmark = pytest.mark.server("rabbitmq")

QUEUE = "notification"
CONFIRMED = Fate.CONFIRMED


@pytest.fixture
def broker(rabbitmq_url: str) -> Broker:
    """Give RabbitMQ with one queue bound."""
    broker = connect(rabbitmq_url)
    broker.declare(QUEUE, [VIOLATION])
    return broker


def test_a_queue_that_is_not_what_we_rely_on_is_refused(broker: Broker, management: Callable[..., object]) -> None:
    """A queue without a dead-letter exchange under our name would lose events: nothing is read from it."""
    management("PUT", "queues/{vhost}/planning", {"durable": True, "arguments": {"x-queue-type": "quorum"}})
    with pytest.raises(DependencyDown, match="PRECONDITION_FAILED"):
        broker.declare("planning", [VIOLATION])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"x-queue-type": "classic"}, "queue-type is 'classic'"),
        ({"x-queue-type": "quorum", "x-delivery-limit": 3}, "delivery-limit is 3"),
        ({**topology.SERVICE_QUEUE, "x-dead-letter-exchange": "elsewhere"}, "dead-letter-exchange is 'elsewhere'"),
        ({**topology.SERVICE_QUEUE, "x-dead-letter-strategy": "at-most-once"}, "dead-letter-strategy is 'at-most-once'"),
        ({**topology.SERVICE_QUEUE, "x-overflow": "drop-head"}, "overflow is 'drop-head'"),
        ({**topology.SERVICE_QUEUE, "x-single-active-consumer": False}, "single-active-consumer is False"),
    ],
)
def test_a_service_that_declares_nothing_finds_out_what_its_queue_is(
    rabbitmq: use.Address,
    rabbitmq_url: str,
    broker: Broker,
    management: Callable[..., object],
    arguments: dict[str, object],
    told: str,
) -> None:
    """Over AMQP it would hear only that the queue exists, and events would be lost in silence."""
    management("PUT", "users/{vhost}-starter", {"password": "secret", "tags": "monitoring"})
    management("PUT", "permissions/{vhost}/{vhost}-starter", {"configure": "^$", "write": ".*", "read": ".*"})
    parts = urlsplit(rabbitmq_url)
    vhost = parts.path.strip("/")
    user = f"{vhost}-starter:secret"
    interface = (rabbitmq.management or f"http://{parts.hostname}:15672").replace("http://", f"http://{user}@")
    poor = connect(f"amqp://{user}@{parts.hostname}:{parts.port}/{vhost}", interface)
    try:
        poor.declare(QUEUE, [VIOLATION])
        management("DELETE", f"queues/{{vhost}}/{QUEUE}")
        management("PUT", f"queues/{{vhost}}/{QUEUE}", {"durable": True, "arguments": arguments})
        with pytest.raises(DependencyDown, match=told):
            poor.declare(QUEUE, [VIOLATION])
    finally:
        management("DELETE", "users/{vhost}-starter")
    del broker


def test_who_may_not_declare_makes_sure_that_it_exists(
    rabbitmq_url: str, broker: Broker, management: Callable[..., object]
) -> None:
    """In production services have no permission to configure: what they need must be there already."""
    management("PUT", "users/{vhost}-reader", {"password": "secret", "tags": ""})
    management("PUT", "permissions/{vhost}/{vhost}-reader", {"configure": "^$", "write": ".*", "read": ".*"})
    parts = urlsplit(rabbitmq_url)
    vhost = parts.path.strip("/")
    poor = connect(f"amqp://{vhost}-reader:secret@{parts.hostname}:{parts.port}/{vhost}")
    try:
        poor.declare(QUEUE, [VIOLATION])
        with pytest.raises(DependencyDown, match="NOT_FOUND"):
            poor.declare("planning", [VIOLATION])
        reader = poor.subscribe(QUEUE)
        assert broker.publisher().publish(messages(1), timeout=10) == [CONFIRMED]
        assert len(take(reader, 1)) == 1
        reader.close()
    finally:
        management("DELETE", "users/{vhost}-reader")


def test_what_a_user_may_not_publish_is_told_from_a_lost_connection(
    rabbitmq_url: str, broker: Broker, management: Callable[..., object]
) -> None:
    """A type without permission, a message too large, a key too long: the broker, or the client, says so of the message."""
    management("PUT", "users/{vhost}-writer", {"password": "secret", "tags": ""})
    management("PUT", "permissions/{vhost}/{vhost}-writer", {"configure": "^$", "write": ".*", "read": "^$"})
    topics = {"exchange": topology.EVENTS, "write": f"^{VIOLATION}$", "read": "^$"}
    management("PUT", "topic-permissions/{vhost}/{vhost}-writer", topics)
    parts = urlsplit(rabbitmq_url)
    vhost = parts.path.strip("/")
    poor = connect(f"amqp://{vhost}-writer:secret@{parts.hostname}:{parts.port}/{vhost}")
    forged, long = Message("planning.plan_approved", "", b"{}"), Message("x" * 256, "", b"{}")
    large = Message(VIOLATION, "", b"x" * (2 * 1024 * 1024))
    try:
        for wrong, reason in ((forged, "ACCESS_REFUSED"), (long, "routing key"), (large, "PRECONDITION_FAILED")):
            publisher = poor.publisher()
            with pytest.raises(Rejected, match=reason):
                publisher.publish([*messages(2), wrong, *messages(2)], timeout=10)
            publisher.close()
        publisher = poor.publisher()
        assert publisher.publish(messages(2), timeout=10) == [CONFIRMED] * 2
        management("PUT", "permissions/{vhost}/{vhost}-writer", {"configure": "^$", "write": "^$", "read": "^$"})
        with pytest.raises(Rejected, match="ACCESS_REFUSED"):
            poor.publisher().publish(messages(1), timeout=10)
        publisher.close()
    finally:
        management("DELETE", "users/{vhost}-writer")
    del broker
