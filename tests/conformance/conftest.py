"""Each broker, empty, and a way to publish to it as a relay does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from shared.messaging.brokers import Broker, connect
from tests.conformance.fault_proxy import FaultProxy
from tests.servers import use
from tests.servers.places import ask


@pytest.fixture
def broker(broker_url: str) -> Iterator[Broker]:
    """Give each kind of broker in turn, empty."""
    broker = connect(broker_url)
    yield broker
    broker.close()


@pytest.fixture
def proxy(rabbitmq_url: str) -> Iterator[FaultProxy]:
    """Give a way to a virtual host on which the network can fail."""
    parts = urlsplit(rabbitmq_url)
    with FaultProxy(parts.hostname or "", parts.port or 5672) as proxy:
        proxy.url = rabbitmq_url.replace(f"{parts.hostname}:{parts.port}", f"127.0.0.1:{proxy.port}")
        yield proxy


@pytest.fixture
def management(rabbitmq: use.Address, rabbitmq_url: str) -> Iterator[Callable[..., object]]:
    """Give RabbitMQ's management interface; ``{vhost}`` in a path stands for the test's own."""
    parts = urlsplit(rabbitmq_url)
    credentials, vhost = f"{parts.username}:{parts.password}", parts.path.strip("/")
    address = rabbitmq.management or f"http://{parts.hostname}:15672"

    def call(method: str, path: str, body: object = None) -> object:
        return ask(address, credentials, method, path.format(vhost=vhost), body)

    return call
