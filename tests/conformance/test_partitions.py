"""A queue in partitions: several copies of a service work at once, and the order of each subject holds."""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.partners import SampleTested
from shared.contracts.vocabulary import Site
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.kernel.errors import DependencyDown
from shared.messaging import topology
from shared.messaging.brokers import Delivery, Fate, Message, Subscription, connect
from tests.conformance.partitioned import PartitionedService, effects
from tests.conformance.traffic import VIOLATION, bodies
from tests.servers.processes import Process, spawn, wait_until
from tests.servers.state import ROOT

QUEUE, TYPE = PartitionedService.name, SampleTested.type
SUBJECTS, EACH, AFTERWARDS, PARTITIONS, COPIES = 40, 40, 30, 8, 4
KILLED = 5


def numbered(subjects: int, each: int) -> list[Message]:
    """Return ``each`` numbered messages for each subject, the subjects in turn."""
    return [Message(TYPE, f"site/SAMPLE-{one}", f"{one}:{number}".encode()) for number in range(each) for one in range(subjects)]


def drain(readers: list[Subscription], count: int, seconds: float = 30) -> list[list[Delivery]]:
    """Take and acknowledge in turn until ``count`` have come; return what each reader got."""
    got: list[list[Delivery]] = [[] for _ in readers]
    enough = threading.Event()

    def read(place: int) -> None:
        while not enough.is_set():
            taken = readers[place].take(20, timeout=0.1)
            readers[place].ack(taken)
            got[place] += taken
            if sum(map(len, got)) >= count:
                enough.set()

    threads = [threading.Thread(target=read, args=[place]) for place in range(len(readers))]
    for thread in threads:
        thread.start()
    enough.wait(seconds)
    enough.set()
    for thread in threads:
        thread.join()
    return got


@pytest.mark.server("rabbitmq")
def test_each_partition_keeps_the_order_of_its_subjects(rabbitmq_url: str) -> None:
    """All events of a subject are in one partition, in order; nothing is lost, and no partition is empty."""
    broker = connect(rabbitmq_url)
    broker.declare(QUEUE, [TYPE], partitions=4)
    sent = numbered(SUBJECTS, 10)
    assert set(broker.publisher().publish(sent, timeout=30)) == {Fate.CONFIRMED}
    place: dict[bytes, int] = {}
    for number, name in enumerate(topology.queues(QUEUE, 4)):
        reader = broker.subscribe(name)
        taken = drain([reader], 10**6, seconds=1)[0]
        reader.close()
        place |= dict.fromkeys(bodies(taken), number)
        for subject in {body.split(b":")[0] for body in bodies(taken)}:
            assert [body for body in bodies(taken) if body.startswith(subject + b":")] == [
                b"%b:%d" % (subject, n) for n in range(10)
            ]
    assert place.keys() == set(bodies(sent))
    assert set(place.values()) == set(range(4))


@pytest.mark.server("rabbitmq")
def test_what_names_no_subject_goes_to_the_first_partition(rabbitmq_url: str) -> None:
    """A partner that publishes by itself need not know of partitions: its events come, in order."""
    import pika  # noqa: PLC0415 - as a partner would

    broker = connect(rabbitmq_url)
    broker.declare(QUEUE, [TYPE], partitions=4)
    with pika.BlockingConnection(pika.URLParameters(rabbitmq_url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for number in range(5):
            headers = {topology.SLOT: "no slot"} if number % 2 else None
            channel.basic_publish(topology.EVENTS, TYPE, b"%d" % number, pika.BasicProperties(headers=headers), mandatory=True)
    reader = broker.subscribe(QUEUE, partitions=4)
    assert bodies(drain([reader], 5)[0]) == [b"%d" % number for number in range(5)]
    reader.close()


@pytest.mark.server("rabbitmq")
def test_readers_share_the_partitions(rabbitmq_url: str) -> None:
    """The first reader gets all partitions and lets go of what is more than its share; who leaves hands its own on."""
    broker = connect(rabbitmq_url)
    broker.declare(QUEUE, [TYPE], partitions=PARTITIONS)
    readers = [broker.subscribe(QUEUE, partitions=PARTITIONS, prefetch=100) for _ in range(COPIES)]
    publisher, stop = broker.publisher(), threading.Event()

    def feed() -> None:
        while not stop.wait(0.02):
            publisher.publish(numbered(SUBJECTS, 1), timeout=30)

    feeding = threading.Thread(target=feed)
    feeding.start()
    try:
        active: list[set[int]] = []

        def balanced() -> bool:
            got = drain(readers, 10**6, seconds=0.5)
            active[:] = [{topology_place(delivery) for delivery in one} for one in got]
            return [len(one) for one in active] == [PARTITIONS // COPIES] * COPIES

        assert wait_until(balanced, 60), active
        assert set().union(*active) == set(range(PARTITIONS))
        for reader in readers[1:]:
            reader.close()
        del readers[1:]
        assert wait_until(lambda: len({topology_place(one) for one in drain(readers, 10**6, seconds=0.5)[0]}) == PARTITIONS, 30)
    finally:
        stop.set()
        feeding.join()
        for reader in readers:
            reader.close()
        publisher.close()


def topology_place(delivery: Delivery) -> int:
    """Return the partition that a numbered message is in."""
    return int(topology.slot_of(f"site/SAMPLE-{delivery.body.split(b':')[0].decode()}")) % PARTITIONS


@pytest.mark.server("rabbitmq")
@pytest.mark.parametrize(("first", "then"), [(1, 4), (4, 1), (4, 2)])
def test_another_number_of_partitions_is_refused(rabbitmq_url: str, first: int, then: int) -> None:
    """Queues that nobody would read any more are found at the start, and named."""
    broker = connect(rabbitmq_url)
    broker.declare(QUEUE, [VIOLATION], partitions=first)
    with pytest.raises(DependencyDown, match="CHUAN_PARTITIONS"):
        broker.declare(QUEUE, [VIOLATION], partitions=then)


# --- four copies of a service -------------------------------------------------------------------------------------------


class Fleet:
    """Copies of the service as processes."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = environment
        self.copies: list[Process] = []

    def start(self) -> None:
        """Start one more copy."""
        number = len(list(self._folder.glob("copy-*")))
        own = {"CHUAN_DATA_DIR": str(self._folder / f"data-{number}"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tests.conformance.partitioned"]
        self.copies.append(spawn(command, {**os.environ, **self._environment, **own}, self._folder / f"copy-{number}.log"))

    def kill_one(self, chance: random.Random) -> None:
        """``kill -9`` one copy, and start another."""
        self.copies.pop(chance.randrange(len(self.copies))).kill()
        self.start()


@contextmanager
def fleet(folder: Path, environment: dict[str, str]) -> Iterator[Fleet]:
    """Give four copies."""
    copies = Fleet(folder, environment)
    try:
        for _ in range(COPIES):
            copies.start()
        yield copies
    finally:
        for copy in copies.copies:
            with suppress(ProcessLookupError):
                copy.kill()


@pytest.mark.server("rabbitmq")
@pytest.mark.server("postgresql")
@pytest.mark.timeout(300)
def test_four_copies_keep_the_order_through_crashes_and_retries(rabbitmq_url: str, postgresql_url: str, tmp_path: Path) -> None:
    """While copies die and attempts fail: order for each subject, nothing lost, nothing twice, and all copies work."""
    database = Database(postgresql_url, QUEUE, pool_size=2)
    migrate(database)
    with database.writing() as connection:
        effects.metadata.create_all(connection)
    broker = connect(rabbitmq_url)
    broker.declare(QUEUE, [TYPE], partitions=PARTITIONS)
    environment = {
        "CHUAN_BROKER_URL": rabbitmq_url,
        "CHUAN_DATABASE_URL": postgresql_url,
        "CHUAN_PARTITIONS": str(PARTITIONS),
        "CHUAN_BATCH_SIZE": "10",
        "CHUAN_POOL_SIZE": "2",
        "CHUAN_MAX_ATTEMPTS": "50",
    }
    chance = random.Random(20_250_314)
    sent = _events()
    with fleet(tmp_path, environment) as copies:
        publisher = broker.publisher()
        for start in range(0, len(sent), len(sent) // KILLED):
            part = sent[start : start + len(sent) // KILLED]
            assert set(publisher.publish(part, timeout=60)) == {Fate.CONFIRMED}
            assert wait_until(lambda wanted=start // 2: _count(database) > wanted, 60)
            copies.kill_one(chance)
        assert wait_until(lambda: _count(database) >= len(sent), 120), _count(database)
        # Whoever is left gets its share, sooner or later.
        each = EACH
        deadline = time.monotonic() + 120
        while not {copy.pid for copy in copies.copies} <= _copies(database):
            assert time.monotonic() < deadline, "a copy has got nothing to do"
            publisher.publish(_events(first=each, each=AFTERWARDS), timeout=60)
            each += AFTERWARDS
            assert wait_until(lambda wanted=SUBJECTS * each: _count(database) >= wanted, 120), _count(database)
    by_subject: defaultdict[str, list[int]] = defaultdict(list)
    with database.reading() as connection:
        for subject, event in connection.execute(sa.select(effects.c.subject, effects.c.event).order_by(effects.c.seq)):
            by_subject[subject].append(int(event.rpartition(":")[2]))
    database.close()
    assert len(by_subject) == SUBJECTS
    for subject, numbers in by_subject.items():
        assert numbers == list(range(each)), subject


def _events(first: int = 0, each: int = EACH) -> list[Message]:
    messages = []
    for number in range(first, first + each):
        for one in range(SUBJECTS):
            place = Site(id=f"SAMPLE-{one}", name="Cửa hàng mẫu", province="01")
            data = msgspec.structs.replace(SampleTested.sample(), site=place)
            event = Event(
                id=f"SAMPLE-{one}:{number}",
                source="/sample/lab",
                type=data.type,
                subject=data.order_key(),
                time=data.observed_at,
                data=data,
            )
            messages.append(Message(event.type, event.subject, encode(event)))
    return messages


def _count(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(effects)) or 0


def _copies(database: Database) -> set[int]:
    with database.reading() as connection:
        return set(connection.scalars(sa.select(effects.c.copy).distinct()))
