"""Each broker, empty, and a way to publish to it as a relay does."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from shared.messaging.brokers import Broker, connect
from tests.conformance.fault_proxy import FaultProxy


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
