"""Acknowledging settles exactly what it is given; everything else comes again, in order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from shared.messaging.brokers import Broker, Fate
from tests.conformance.traffic import VIOLATION, Feed, bodies, messages, take

QUEUE = "inspection"


@pytest.mark.parametrize(
    "settled",
    [[], [0], [5], [0, 1, 2], [3, 4, 5], [1, 3], [0, 1, 4], [0, 2, 3, 5], list(range(6))],
    ids=lambda settled: "-".join(map(str, settled)) or "none",
)
def test_only_what_is_acknowledged_is_settled(broker: Broker, settled: Sequence[int]) -> None:
    """Of two batches at hand any part may be acknowledged; the rest is given back in its old order."""
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(6))
    reader = broker.subscribe(QUEUE)
    taken = [*take(reader, 3), *take(reader, 3)]
    reader.ack([taken[index] for index in settled])
    reader.close()
    again = broker.subscribe(QUEUE)
    rest = take(again, 6 - len(settled))
    again.ack(rest)
    assert bodies(rest) == [b"%d" % number for number in range(6) if number not in settled]
    assert again.take(10, timeout=0.1) == []
    assert feed.join() == [Fate.CONFIRMED] * 6
    again.close()


def test_batches_may_be_acknowledged_newest_first(broker: Broker) -> None:
    """Acknowledging a later batch does not settle an earlier one."""
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(6))
    reader = broker.subscribe(QUEUE)
    first, second = take(reader, 3), take(reader, 3)
    reader.ack(second)
    reader.ack(first)
    reader.ack(first)
    reader.close()
    again = broker.subscribe(QUEUE)
    assert again.take(10, timeout=0.3) == []
    assert feed.join() == [Fate.CONFIRMED] * 6
    again.close()


def test_what_is_given_back_comes_before_what_follows(broker: Broker) -> None:
    """A reader that dies does not put its events behind later ones of the same site."""
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(10))
    reader = broker.subscribe(QUEUE, prefetch=4)
    assert bodies(take(reader, 4)) == bodies(messages(4))
    reader.close()
    again = broker.subscribe(QUEUE)
    taken = take(again, 10)
    again.ack(taken)
    assert bodies(taken) == bodies(messages(10))
    assert feed.join() == [Fate.CONFIRMED] * 10
    again.close()


def test_nothing_wears_out_by_being_given_back(broker: Broker) -> None:
    """A few restarts in a row lose nothing and mix nothing up."""
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(5))
    for _ in range(6):
        reader = broker.subscribe(QUEUE)
        taken = take(reader, 5)
        assert bodies(taken) == bodies(messages(5))
        reader.close()
    reader = broker.subscribe(QUEUE)
    reader.ack(take(reader, 5))
    assert feed.join() == [Fate.CONFIRMED] * 5
    reader.close()


def test_what_another_reader_took_cannot_be_acknowledged(broker: Broker) -> None:
    """Deliveries of a connection that is gone mean nothing on its successor, however alike their numbers."""
    broker.declare(QUEUE, [VIOLATION])
    feed = Feed(broker, messages(3))
    lost = broker.subscribe(QUEUE)
    stale = take(lost, 3)
    lost.close()
    lost.ack(stale)
    reader = broker.subscribe(QUEUE)
    assert bodies(take(reader, 3)) == bodies(messages(3))
    reader.ack(stale)
    reader.close()
    again = broker.subscribe(QUEUE)
    taken = take(again, 3)
    again.ack(taken)
    assert bodies(taken) == bodies(messages(3))
    assert feed.join() == [Fate.CONFIRMED] * 3
    again.close()
