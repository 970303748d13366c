"""What the kit relies on, the same for every broker."""

from __future__ import annotations

import threading
import time

import pytest

from shared.kernel.errors import DependencyDown
from shared.messaging.brokers import Broker, Delivery, Fate, Message
from tests.conformance.traffic import CASE, SAMPLE, VIOLATION, Feed, bodies, messages, take

QUEUE = "reporting"


def test_every_bound_queue_gets_each_message_once(broker: Broker) -> None:
    """An event reaches all services that subscribe to its type, and no other."""
    bindings = {"reporting": [VIOLATION, CASE], "planning": [VIOLATION], "notification": [CASE]}
    for queue, types in bindings.items():
        broker.declare(queue, types)
    readers = {queue: broker.subscribe(queue) for queue in bindings}
    feed = Feed(broker, [*messages(3, VIOLATION), *messages(2, CASE, first=3)])
    for queue, expected in (("reporting", 5), ("planning", 3), ("notification", 2)):
        taken = take(readers[queue], expected)
        readers[queue].ack(taken)
        assert len(set(bodies(taken))) == len(taken) == expected
        assert readers[queue].take(10, timeout=0.1) == []
    assert feed.join() == [Fate.CONFIRMED] * 5
    for reader in readers.values():
        reader.close()


def test_bytes_and_type_arrive_unchanged(broker: Broker) -> None:
    """The broker carries bytes; whether they make sense is for the inbox to say."""
    broker.declare(QUEUE, [VIOLATION])
    odd = [b"", b"\x00\xff\xfe", "Xăng RON 95".encode(), b"x" * 256 * 1024]
    feed = Feed(broker, [Message(VIOLATION, "", body) for body in odd])
    reader = broker.subscribe(QUEUE)
    taken = take(reader, len(odd))
    reader.ack(taken)
    assert bodies(taken) == odd
    assert {delivery.type for delivery in taken} == {VIOLATION}
    assert feed.join() == [Fate.CONFIRMED] * len(odd)
    reader.close()


@pytest.mark.parametrize("limit", [1, 7, 500])
def test_the_order_of_a_publisher_is_kept(broker: Broker, limit: int) -> None:
    """Whatever the size of the batches taken, they come in the order of publication."""
    broker.declare(QUEUE, [VIOLATION])
    sent = messages(100)
    feed = Feed(broker, sent)
    reader = broker.subscribe(QUEUE)
    got: list[bytes] = []
    while len(got) < len(sent):
        taken = take(reader, 1, limit=limit)
        assert taken
        got += bodies(taken)
        reader.ack(taken)
    assert got == bodies(sent)
    assert set(feed.join()) == {Fate.CONFIRMED}
    reader.close()


def test_the_order_of_each_publisher_is_kept_among_several(broker: Broker) -> None:
    """Publishers may interleave, but none overtakes itself."""
    broker.declare(QUEUE, [VIOLATION])
    feeds = [Feed(broker, messages(50, first=1000 * number)) for number in range(4)]
    reader = broker.subscribe(QUEUE)
    taken = take(reader, 200)
    reader.ack(taken)
    numbers = [int(body) for body in bodies(taken)]
    for start in range(0, 4000, 1000):
        own = [number for number in numbers if start <= number < start + 1000]
        assert own == list(range(start, start + 50))
    assert all(set(feed.join()) == {Fate.CONFIRMED} for feed in feeds)
    reader.close()


def test_a_large_batch_is_published_and_read(broker: Broker) -> None:
    """Five thousand messages in one call: more than any window or buffer on the way."""
    broker.declare(QUEUE, [VIOLATION])
    sent = [Message(VIOLATION, "site/SAMPLE-1", b"%0600d" % number) for number in range(5000)]
    feed = Feed(broker, sent)
    reader = broker.subscribe(QUEUE)
    got: list[bytes] = []
    while len(got) < len(sent):
        taken = take(reader, 1, limit=500)
        assert taken
        got += bodies(taken)
        reader.ack(taken)
    assert got == bodies(sent)
    assert feed.join() == [Fate.CONFIRMED] * 5000
    reader.close()


def test_take_returns_no_more_than_asked_for(broker: Broker) -> None:
    """A batch is bounded; the rest waits for the next."""
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(5))
    reader = broker.subscribe(QUEUE)
    taken: list[Delivery] = []
    while len(taken) < 5:
        some = reader.take(2, timeout=10)
        assert 1 <= len(some) <= 2
        taken += some
    reader.ack(taken)
    assert bodies(taken) == bodies(messages(5))
    assert feed.join() == [Fate.CONFIRMED] * 5
    reader.close()


def test_take_waits_for_the_first_and_only_so_long(broker: Broker) -> None:
    """An idle reader comes back with nothing; a waiting one wakes as soon as something comes, not at the end of its time."""
    broker.declare(QUEUE, [VIOLATION])
    reader = broker.subscribe(QUEUE)
    began = time.monotonic()
    assert reader.take(10, timeout=0.2) == []
    assert 0.15 < time.monotonic() - began < 5
    feed = Feed(broker, messages(1))
    began = time.monotonic()
    taken = reader.take(10, timeout=60)
    assert len(taken) == 1
    assert time.monotonic() - began < 10
    reader.ack(taken)
    assert feed.join() == [Fate.CONFIRMED]
    reader.close()


def test_a_reader_holds_no_more_than_its_prefetch(broker: Broker) -> None:
    """What one reader has not acknowledged is bounded; acknowledging makes room."""
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(25))
    reader = broker.subscribe(QUEUE, prefetch=10)
    first = take(reader, 10)
    assert len(first) == 10
    assert reader.take(10, timeout=0.3) == []
    reader.ack(first[:4])
    second = take(reader, 4)
    assert len(second) == 4
    assert reader.take(10, timeout=0.3) == []
    reader.ack([*first[4:], *second])
    third = take(reader, 10)
    reader.ack(third)
    last = take(reader, 1)
    reader.ack(last)
    assert bodies([*first, *second, *third, *last]) == bodies(messages(25))
    assert feed.join() == [Fate.CONFIRMED] * 25
    reader.close()


def test_of_two_readers_one_stands_by_and_takes_over(broker: Broker) -> None:
    """Copies of a service never work side by side; the next one begins with what the last one did not finish, in order."""
    broker.declare(QUEUE, [VIOLATION])
    first, second = (broker.subscribe(QUEUE, prefetch=20) for _ in range(2))
    feed = Feed(broker, messages(60))
    taken = take(first, 10)
    assert bodies(taken) == bodies(messages(60))[:10]
    assert second.take(10, timeout=0.3) == []
    first.ack(taken[:5])
    first.close()
    rest = []
    while len(rest) < 55:
        part = take(second, 1)
        rest += bodies(part)
        second.ack(part)
    assert rest == bodies(messages(60))[5:]
    assert feed.join() == [Fate.CONFIRMED] * 60
    second.close()


def test_a_new_declaration_replaces_the_types(broker: Broker) -> None:
    """A service that no longer subscribes to a type no longer gets it; what it gets instead, it gets."""
    broker.declare(QUEUE, [VIOLATION, SAMPLE])
    broker.declare(QUEUE, [CASE, SAMPLE])
    feed = Feed(broker, [*messages(1, VIOLATION), *messages(1, CASE, first=1), *messages(1, SAMPLE, first=2)])
    reader = broker.subscribe(QUEUE)
    taken = take(reader, 2)
    reader.ack(taken)
    assert bodies(taken) == [b"1", b"2"]
    assert feed.join() == [Fate.RETURNED, Fate.CONFIRMED, Fate.CONFIRMED]
    reader.close()


def test_declaring_again_loses_nothing(broker: Broker) -> None:
    """Each copy of a service declares its queue when it starts, whatever waits in it."""
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(10))
    reader = broker.subscribe(QUEUE)
    first = take(reader, 3)
    broker.declare(QUEUE, [VIOLATION])
    rest = take(reader, 7)
    reader.ack([*first, *rest])
    assert bodies([*first, *rest]) == bodies(messages(10))
    assert feed.join() == [Fate.CONFIRMED] * 10
    reader.close()


def test_nothing_is_published_by_an_empty_batch(broker: Broker) -> None:
    """No messages, no fates."""
    publisher = broker.publisher()
    assert publisher.publish([], timeout=5) == []
    publisher.close()


def test_a_message_nobody_subscribes_to_is_returned(broker: Broker) -> None:
    """The publisher hears of it, and which one it was."""
    broker.declare(QUEUE, [VIOLATION])
    mixed = [*messages(2, CASE), *messages(1, VIOLATION, first=2), *messages(1, CASE, first=3)]
    feed = Feed(broker, mixed)
    reader = broker.subscribe(QUEUE)
    taken = take(reader, 1)
    reader.ack(taken)
    assert bodies(taken) == [b"2"]
    assert feed.join() == [Fate.RETURNED, Fate.RETURNED, Fate.CONFIRMED, Fate.RETURNED]
    reader.close()


def test_an_unknown_queue_cannot_be_read(broker: Broker) -> None:
    """Reading what was never declared is a fault that waiting may mend, not a crash."""
    with pytest.raises(DependencyDown):
        broker.subscribe("never-declared")


def test_a_closed_publisher_says_so(broker: Broker) -> None:
    """After ``close`` nothing is taken, and closing again is no error."""
    publisher = broker.publisher()
    publisher.close()
    publisher.close()
    with pytest.raises(DependencyDown):
        publisher.publish(messages(1), timeout=5)


def test_closing_wakes_a_waiting_reader(broker: Broker) -> None:
    """A service that stops does not wait for the next event."""
    broker.declare(QUEUE, [VIOLATION])
    reader = broker.subscribe(QUEUE)
    woken: list[bool] = []

    def wait() -> None:
        try:
            reader.take(1, timeout=60)
        except DependencyDown:
            woken.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert reader.alive
    reader.close()
    reader.close()
    waiting.join(10)
    assert woken == [True]
    assert not reader.alive
