"""Outbox, broker and inbox together, while processes die at any statement, answers get lost and deliveries repeat.

A random history of storing, relaying, delivering and retrying, with a crash wherever the history wants one; then everything
is let run to its end, and the books must balance.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from shared.kernel.errors import DependencyDown
from shared.messaging.brokers import Delivery, Fate, Message, Subscription
from shared.messaging.relay import Relay
from shared.messaging.tables import outbox
from tests.unit.messaging.rig import Crash, Rig, sample

SITES = 3


class ForgetfulBroker:
    """One queue that keeps order, and may lose the end of a batch, or only its answers about it."""

    def __init__(self) -> None:
        self.queue: deque[bytes] = deque()
        self.storing: int | None = None  # how many of the next batch arrive; None is all
        self.answering: int | None = None
        self.blocked = False

    def declare(self, queue: str, types: Collection[str], *, partitions: int = 1) -> None:
        """The queue is there."""

    def subscribe(self, queue: str, *, partitions: int = 1, prefetch: int = 1500) -> Subscription:
        raise DependencyDown(f"{queue}, {partitions} parts: deliveries are handed over by hand, {prefetch} or fewer")

    def publisher(self) -> ForgetfulBroker:
        return self

    def publish(self, messages: Sequence[Message], *, timeout: float) -> list[Fate]:
        assert timeout > 0
        arrived = messages[: self.storing]
        answered = arrived[: self.answering]
        self.queue.extend(message.body for message in arrived)
        self.storing = self.answering = None
        return [Fate.CONFIRMED] * len(answered) + [Fate.UNKNOWN] * (len(messages) - len(answered))

    def close(self) -> None:
        """Nothing is held."""


class Fuse:
    """Lets the process die at the n-th statement or commit from now, or not at all."""

    def __init__(self, *engines: sa.Engine) -> None:
        self.left = 0
        for engine in engines:
            sa.event.listen(engine, "before_cursor_execute", self._burn)
            sa.event.listen(engine, "commit", self._burn)

    def _burn(self, *_: object) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                raise Crash


class History(RuleBasedStateMachine):
    """An upstream service that stores events, its relay, and a downstream service that handles them."""

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory()))
        self.broker = ForgetfulBroker()
        self.upstream = self.closing.enter_context(Rig(folder, broker=self.broker, name="upstream"))
        self.downstream = self.closing.enter_context(Rig(folder, broker=self.broker, name="downstream"))
        engines = [
            engine
            for rig in (self.upstream, self.downstream)
            for engine in (rig.room.database._writer, rig.room.database._reader)
        ]
        self.fuse = Fuse(*engines)
        self.relay = Relay(self.upstream.room)
        self.count = 0

    @initialize(faults=st.dictionaries(st.integers(0, 30), st.integers(1, 4), max_size=8))
    def some_events_fail_at_first(self, faults: dict[int, int]) -> None:
        """Choose events whose first attempts fail."""
        for number, failures in faults.items():
            self.downstream.fail(number, *[ValueError("fault")] * failures, None)

    @rule(sites=st.lists(st.integers(1, SITES), min_size=1, max_size=4), crash=st.integers(0, 6))
    def store(self, sites: list[int], crash: int) -> None:
        """Store events of these sites in one transaction; whoever asked for it asks again when it failed."""
        first, self.count = self.count, self.count + len(sites)

        def transaction() -> None:
            with self.upstream.room.transaction() as uow:
                for number, site in enumerate(sites, first):
                    uow.forward(sample(number, site))

        if self.dies(transaction, crash) and not self.stored(first):
            transaction()

    @rule(storing=st.none() | st.integers(0, 5), answering=st.none() | st.integers(0, 5), crash=st.integers(0, 4))
    def publish(self, storing: int | None, answering: int | None, crash: int) -> None:
        """Run the relay once; messages and answers may get lost on the way."""
        self.broker.storing, self.broker.answering = storing, answering
        if self.dies(self.relay.publish_stored, crash):
            self.relay = Relay(self.upstream.room)

    @rule(size=st.integers(1, 6), crash=st.integers(0, 25), acknowledged=st.booleans())
    def deliver(self, size: int, crash: int, *, acknowledged: bool) -> None:
        """Deliver a batch; the process may die in it, or before it tells the broker."""
        batch = [self.broker.queue.popleft() for _ in range(min(size, len(self.broker.queue)))]
        inbox = self.downstream.inbox
        if self.dies(lambda: inbox.process([Delivery(body, 0) for body in batch]), crash) or not acknowledged:
            self.broker.queue.extendleft(reversed(batch))
            self.downstream.inbox = self.downstream.new_inbox()

    @rule(seconds=st.sampled_from([0, 1, 10, 70, 700]), crash=st.integers(0, 12))
    def retry(self, seconds: int, crash: int) -> None:
        """Let time pass and try again what is due."""
        self.downstream.wall.advance(seconds)
        self.dies(self.downstream.inbox.retry_due, crash)

    def dies(self, work: Callable[[], object], crash: int) -> bool:
        """Do some work with the fuse lit, and tell whether the process died over it."""
        self.fuse.left = crash
        try:
            work()
        except Crash:
            return True
        finally:
            self.fuse.left = 0
        return False

    def stored(self, number: int) -> bool:
        """Tell whether an event is in the upstream's outbox."""
        return number in self.upstream_order()

    def upstream_order(self) -> list[int]:
        """Return the numbers of all stored events, in order."""
        with self.upstream.room.reading() as connection:
            bodies = connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq)).all()
        return [number_of(msgspec.json.decode(body)) for body in bodies]

    def teardown(self) -> None:
        """Let everything run to its end without a fault, and balance the books."""
        try:
            for _ in range(2):  # the first may still meet the fault of a publication that never came about
                self.relay.publish_stored()
            while self.broker.queue:
                self.downstream.inbox.process([Delivery(self.broker.queue.popleft(), 0)])
            # Eight events fail up to four times each, and may all be of one site, where they wait for each other.
            for _ in range(40):
                self.downstream.wall.advance(4000)
                self.downstream.inbox.retry_due()
            self.balance()
        finally:
            self.closing.close()

    def balance(self) -> None:
        """Check that every event is in exactly one of effect and dead, in its site's order, and announced once."""
        stored, effects = self.upstream_order(), self.downstream.effects()
        dead = {number for number, row in self.downstream.rows().items() if row.state == "dead"}
        assert stored == list(range(self.count)), "nothing is stored twice or lost upstream"
        assert len(set(effects)) == len(effects), "no effect happens twice"
        assert sorted([*effects, *dead]) == stored, "every event is in exactly one of effect and dead"
        assert self.downstream.announced() == [f"SAMPLE-{number}" for number in effects], "each effect is announced once"
        assert self.downstream.unreadable() == []
        sites = self.sites()
        for site in set(sites.values()):
            of_site = [number for number in effects if sites[number] == site]
            assert of_site == sorted(of_site), "the order of a site is kept"

    def sites(self) -> dict[int, str]:
        """Return the subject of each stored event."""
        with self.upstream.room.reading() as connection:
            bodies = connection.scalars(sa.select(outbox.c.body)).all()
        documents: list[dict[str, Any]] = [msgspec.json.decode(body) for body in bodies]
        return {number_of(document): document["subject"] for document in documents}


def number_of(document: dict[str, Any]) -> int:
    """Return the number of a sample event."""
    return int(document["id"].removeprefix("SAMPLE-"))


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=40, stateful_step_count=30)
