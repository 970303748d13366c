"""RabbitMQ when the network, the topology or the reader fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from shared.kernel.errors import DependencyDown
from shared.messaging import topology
from shared.messaging.brokers import Broker, Fate, connect
from shared.messaging.brokers.rabbitmq import reader as reader_module
from shared.messaging.brokers.rabbitmq import wire
from tests.conformance.fault_proxy import FaultProxy
from tests.conformance.traffic import VIOLATION, Feed, bodies, messages, take

pytestmark = pytest.mark.server("rabbitmq")

QUEUE = "notification"
CONFIRMED, REFUSED, UNKNOWN = Fate.CONFIRMED, Fate.REFUSED, Fate.UNKNOWN


@pytest.fixture
def broker(rabbitmq_url: str) -> Broker:
    """Give RabbitMQ with one queue bound."""
    broker = connect(rabbitmq_url)
    broker.declare(QUEUE, [VIOLATION])
    return broker


@pytest.fixture
def through_proxy(broker: Broker, proxy: FaultProxy) -> Broker:  # noqa: ARG001 - it has declared the queue
    """Give the same broker over a network that can fail."""
    return connect(proxy.url)


def until(condition: Callable[[], bool], seconds: float = 15) -> bool:
    """Wait until ``condition`` holds, and tell whether it does."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.02)
    return condition()


def test_a_cut_connection_is_noticed_and_loses_nothing(broker: Broker, through_proxy: Broker, proxy: FaultProxy) -> None:
    """Reader and publisher say that the broker is away; new ones go on where those stopped."""
    reader, publisher = through_proxy.subscribe(QUEUE), through_proxy.publisher()
    assert publisher.publish(messages(5), timeout=10) == [CONFIRMED] * 5
    assert bodies(take(reader, 5)) == bodies(messages(5))
    proxy.cut()
    with pytest.raises(DependencyDown):
        take(reader, 1)
    assert not reader.alive
    assert until(lambda: raises(lambda: publisher.publish(messages(1), timeout=1)))
    again = through_proxy.subscribe(QUEUE)
    taken = take(again, 5)
    again.ack(taken)
    assert bodies(taken) == bodies(messages(5))
    assert through_proxy.publisher().publish(messages(1), timeout=10) == [CONFIRMED]
    assert len(take(again, 1)) == 1
    reader.close()
    again.close()
    del broker


def raises(call: Callable[[], object]) -> bool:
    """Tell whether ``call`` finds the broker away."""
    try:
        call()
    except DependencyDown:
        return True
    return False


def test_what_is_in_doubt_is_not_sent_again_on_the_same_connection(
    broker: Broker, through_proxy: Broker, proxy: FaultProxy
) -> None:
    """While the broker owes answers nothing more is poured into it; when it answers, publishing goes on."""
    publisher = through_proxy.publisher()
    proxy.hold()
    assert publisher.publish(messages(3), timeout=0.3) == [UNKNOWN] * 3
    publish_once_the_doubt_is_over = threading.Timer(0.3, proxy.release)
    publish_once_the_doubt_is_over.start()
    assert publisher.publish(messages(2, first=3), timeout=10) == [CONFIRMED] * 2
    reader = broker.subscribe(QUEUE)
    assert bodies(take(reader, 5)) == bodies(messages(5))
    assert reader.take(10, timeout=0.2) == []
    reader.close()
    publisher.close()


def test_a_broker_that_stays_silent_is_given_up(through_proxy: Broker, proxy: FaultProxy) -> None:
    """Nothing is sent behind what is in doubt, and the connection is not waited for without end."""
    publisher = through_proxy.publisher()
    proxy.hold()
    assert publisher.publish(messages(3), timeout=0.2) == [UNKNOWN] * 3
    assert publisher.publish(messages(3), timeout=0.2) == [REFUSED] * 3
    with pytest.raises(DependencyDown, match="without an answer"):
        publisher.publish(messages(3), timeout=0.2)


def test_a_half_open_connection_is_noticed(through_proxy: Broker, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sends and nobody is told: heartbeats find out."""
    monkeypatch.setattr(wire, "_HEARTBEAT", 1)
    reader, publisher = through_proxy.subscribe(QUEUE), through_proxy.publisher()
    proxy.hold()
    assert until(lambda: not reader.alive)
    with pytest.raises(DependencyDown):
        reader.take(1, timeout=1)
    assert until(lambda: raises(lambda: publisher.publish([], timeout=1)))


def test_a_busy_service_keeps_its_connection(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a batch takes, or a dead database keeps it waiting, heartbeats are answered and nothing is given back."""
    monkeypatch.setattr(wire, "_HEARTBEAT", 1)
    reader, publisher = broker.subscribe(QUEUE), broker.publisher()
    publisher.publish(messages(3), timeout=10)
    taken = take(reader, 3)
    assert not until(lambda: not reader.alive, seconds=4)
    reader.ack(taken)
    assert publisher.publish(messages(1, first=3), timeout=10) == [CONFIRMED]
    assert bodies(take(reader, 1)) == [b"3"]
    reader.close()
    publisher.close()


def test_a_full_queue_refuses(broker: Broker, management: Callable[..., object]) -> None:
    """What the broker will not take stays with the publisher; it is neither lost nor reported as stored."""
    limit = {"pattern": QUEUE, "definition": {"max-length": 3}, "apply-to": "queues"}
    management("PUT", "policies/{vhost}/bounded", limit)
    publisher = broker.publisher()
    fates: list[Fate] = []
    assert until(lambda: REFUSED in (fates.extend(publisher.publish(messages(1), timeout=10)) or fates))  # type: ignore[func-returns-value]
    reader = broker.subscribe(QUEUE)
    assert len(take(reader, fates.count(CONFIRMED))) == fates.count(CONFIRMED)
    assert set(fates) == {CONFIRMED, REFUSED}
    reader.close()
    publisher.close()


def test_a_deleted_queue_is_noticed(broker: Broker, management: Callable[..., object]) -> None:
    """A reader whose queue is gone is not "connected but consuming nothing": it says so, and can declare anew."""
    reader = broker.subscribe(QUEUE)
    management("DELETE", f"queues/{{vhost}}/{QUEUE}")
    assert until(lambda: not reader.alive)
    with pytest.raises(DependencyDown, match="deleted"):
        reader.take(1, timeout=1)
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(1))
    again = broker.subscribe(QUEUE)
    assert len(take(again, 1)) == 1
    assert feed.join() == [CONFIRMED]
    again.close()


def test_a_reader_that_is_connected_but_gets_nothing_starts_anew(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages wait, it was its turn, and none comes: it finds out by itself, and goes on with what waited."""
    monkeypatch.setattr(reader_module, "_LOOK_SECONDS", 0.1)
    reader, publisher = broker.subscribe(QUEUE), broker.publisher()
    assert publisher.publish(messages(3), timeout=10) == [CONFIRMED] * 3
    reader.ack(take(reader, 3))
    [line] = reader._lines  # type: ignore[attr-defined]
    [tag] = line._channel.consumer_tags
    line._wire.call(lambda: line._channel.basic_cancel(tag))
    assert until(lambda: not line._channel.consumer_tags)
    assert publisher.publish(messages(2, first=3), timeout=10) == [CONFIRMED] * 2
    taken = take(reader, 2)
    assert bodies(taken) == [b"3", b"4"]
    reader.ack(taken)
    assert reader.alive
    reader.close()
    publisher.close()


def test_a_reader_that_stands_by_does_not_think_that_it_starves(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its turn has not come: it keeps its place in the line while another one works off a backlog."""
    monkeypatch.setattr(reader_module, "_LOOK_SECONDS", 0.05)
    first, second = (broker.subscribe(QUEUE, prefetch=1) for _ in range(2))
    assert broker.publisher().publish(messages(20), timeout=10) == [CONFIRMED] * 20
    [line] = second._lines  # type: ignore[attr-defined]
    for _ in range(20):
        first.ack(take(first, 1))
        assert second.take(1, timeout=0.06) == []
    assert [*second._lines] == [line]  # type: ignore[attr-defined]
    first.close()
    second.close()


def test_what_kills_its_reader_every_time_ends_among_the_dead_letters(broker: Broker) -> None:
    """A message that comes back too often leaves the queue, so that the rest can be read; it is not lost."""
    broker.publisher().publish(messages(1), timeout=10)
    for _ in range(topology.DELIVERY_LIMIT + 1):
        reader = broker.subscribe(QUEUE)
        assert len(take(reader, 1)) == 1
        reader.close()
    dead = broker.subscribe(topology.DEAD)
    assert bodies(take(dead, 1)) == [b"0"]
    dead.close()
    reader = broker.subscribe(QUEUE)
    assert reader.take(1, timeout=0.3) == []
    reader.close()
