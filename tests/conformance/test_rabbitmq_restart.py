"""RabbitMQ that is stopped, started again, or short of memory: on a node of its own, for all others would feel it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.kernel.errors import DependencyDown
from shared.messaging.brokers import Fate, connect
from tests.conformance.traffic import VIOLATION, bodies, messages, take
from tests.servers import packages
from tests.servers.processes import Process, wait_until
from tests.servers.rabbitmq import RabbitNode

pytestmark = [pytest.mark.server("rabbitmq"), pytest.mark.xdist_group("own node"), pytest.mark.timeout(300)]

QUEUE = "planning"


class Node:
    """A node and its processes."""

    def __init__(self, folder: Path) -> None:
        self.node = RabbitNode.prepare(folder)
        self._processes: dict[int, Process] = {}

    def start(self) -> None:
        self._processes |= {process.pid: process for process in self.node.start()}

    def stop(self) -> None:
        for process in self._processes.values():
            process.stop()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Give a node that a test may stop."""
    if packages.rabbitmq_folder() is None:
        pytest.fail("RabbitMQ is not installed; a broker given by its address cannot be stopped")
    node = Node(tmp_path_factory.mktemp("rabbitmq") / "node")
    node.start()
    yield node
    node.stop()


def test_a_restart_of_the_broker_loses_nothing(node: Node) -> None:
    """What was confirmed is there afterwards, in order; readers and publishers notice, and new ones go on."""
    broker = connect(node.node.url)
    broker.declare(QUEUE, [VIOLATION])
    reader, publisher = broker.subscribe(QUEUE), broker.publisher()
    assert publisher.publish(messages(50), timeout=30) == [Fate.CONFIRMED] * 50
    reader.ack(take(reader, 20))
    node.stop()
    assert wait_until(lambda: not reader.alive, 30)
    with pytest.raises(DependencyDown):
        publisher.publish(messages(1), timeout=5)
    for call in (broker.publisher, lambda: broker.subscribe(QUEUE), lambda: broker.declare(QUEUE, [VIOLATION])):
        with pytest.raises(DependencyDown):
            call()
    node.start()
    broker.declare(QUEUE, [VIOLATION])
    again, publisher = broker.subscribe(QUEUE), broker.publisher()
    assert publisher.publish(messages(5, first=50), timeout=30) == [Fate.CONFIRMED] * 5
    taken = take(again, 35)
    again.ack(taken)
    assert bodies(taken) == bodies(messages(35, first=20))
    again.close()
    publisher.close()


def test_a_broker_short_of_memory_gets_each_event_once(node: Node) -> None:
    """It stops reading from publishers: they wait, refuse more, and go on when it does, without sending anything twice."""
    broker = connect(node.node.url)
    broker.declare(QUEUE, [VIOLATION])
    publisher, reader = broker.publisher(), broker.subscribe(QUEUE)
    node.node.control("set_vm_memory_high_watermark", "0")
    first, second = messages(3), messages(3, first=3)
    assert publisher.publish(first, timeout=1) == [Fate.UNKNOWN] * 3
    assert publisher.blocked
    for _ in range(3):
        assert publisher.publish(second, timeout=0.3) == [Fate.REFUSED] * 3
    assert reader.take(10, timeout=0.1) == []
    node.node.control("set_vm_memory_high_watermark", "absolute", "1GB")
    assert publisher.publish(second, timeout=30) == [Fate.CONFIRMED] * 3
    assert not publisher.blocked
    taken = take(reader, 6)
    reader.ack(taken)
    assert bodies(taken) == bodies([*first, *second])
    assert reader.take(10, timeout=0.3) == []
    reader.close()
    publisher.close()
