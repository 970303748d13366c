"""What goes wrong. Each fault is a context: it begins, lasts as long as the block, and is over after it."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple

from tests.chaos.feeder import Feeder
from tests.chaos.fleet import Copy
from tests.chaos.world import World

_MANY = 400  # messages of a burst


class Stage(NamedTuple):
    """What a fault may lay hands on."""

    world: World
    feeder: Feeder
    chance: random.Random

    def copy(self) -> Copy:
        """Pick a process that lives and does not stand still."""
        return self.chance.choice([copy for copy in self.world.copies if copy.alive and not copy.stands_still])

    def links(self, end: str) -> list[str]:
        """Pick a link to ``end``, or, one time in four, all of them."""
        links = [copy.links[end] for copy in self.world.copies]
        return links if self.chance.random() < 0.25 else [self.chance.choice(links)]


Fault = Callable[[Stage], AbstractContextManager[str]]


@contextmanager
def kill_a_service(stage: Stage) -> Iterator[str]:
    """``kill -9``, and a new process after a while."""
    copy = stage.copy()
    copy.kill()
    yield copy.name
    copy.start()


@contextmanager
def stop_a_service(stage: Stage) -> Iterator[str]:
    """SIGSTOP: it stands still in the middle of anything, and goes on as if nothing had happened."""
    copy = stage.copy()
    copy.send(signal.SIGSTOP)
    copy.stands_still = True
    yield copy.name
    copy.stands_still = False
    copy.send(signal.SIGCONT)


@contextmanager
def restart_a_service(stage: Stage) -> Iterator[str]:
    """SIGTERM, as every deployment does; it must end by itself."""
    copy = stage.copy()
    if not copy.stop():
        stage.world.complaints.append(f"{copy.name} did not end on SIGTERM")
    yield copy.name
    copy.start()


@contextmanager
def stop_the_broker(stage: Stage) -> Iterator[str]:
    """``rabbitmqctl stop_app`` and ``start_app``."""
    stage.world.broker.stop_app()
    yield "RabbitMQ"
    stage.world.broker.start_app()


@contextmanager
def kill_the_broker(stage: Stage) -> Iterator[str]:
    """``kill -9`` of the node."""
    stage.world.broker.kill()
    yield "RabbitMQ"
    stage.world.broker.start()


@contextmanager
def crash_the_database(stage: Stage) -> Iterator[str]:
    """Immediate stop, and recovery from the log."""
    stage.world.postgres.crash()
    yield "PostgreSQL"
    stage.world.postgres.start()


def _cut(end: str) -> Fault:
    @contextmanager
    def cut(stage: Stage) -> Iterator[str]:
        links = stage.links(end)
        for link in links:
            stage.world.proxy.spoil(link, closed=1)
            stage.world.proxy.cut(link)
        yield ", ".join(links)
        for link in links:
            stage.world.proxy.spoil(link)

    return cut


def _freeze(end: str) -> Fault:
    @contextmanager
    def freeze(stage: Stage) -> Iterator[str]:
        # For good: the two sides have to find out by themselves.
        links = stage.links(end)
        for link in links:
            stage.world.proxy.freeze(link)
        yield ", ".join(links)

    return freeze


def _spoil(end: str, how: Callable[[random.Random], dict[str, float]]) -> Fault:
    @contextmanager
    def spoil(stage: Stage) -> Iterator[str]:
        links = stage.links(end)
        for link in links:
            stage.world.proxy.spoil(link, **how(stage.chance))
        yield ", ".join(links)
        for link in links:
            stage.world.proxy.spoil(link)

    return spoil


def _slow(chance: random.Random) -> dict[str, float]:
    return {"delay": chance.uniform(0.01, 0.3), "rate": chance.uniform(50_000, 1_000_000)}


def _sliced(chance: random.Random) -> dict[str, float]:
    return {"slices": chance.choice([7, 100, 1400])}


@contextmanager
def alarm_the_broker(stage: Stage) -> Iterator[str]:
    """The broker's memory is used up: it takes nothing from publishers."""
    stage.world.broker.alarm(on=True)
    yield "RabbitMQ"
    stage.world.broker.alarm(on=False)


def _mood(mood: str) -> Fault:
    @contextmanager
    def change(stage: Stage) -> Iterator[str]:
        stage.world.office.be(mood)
        yield "the office"
        stage.world.office.be("accept")

    return change


@contextmanager
def close_the_office(stage: Stage) -> Iterator[str]:
    """Nobody answers."""
    stage.world.office.go_away()
    yield "the office"
    stage.world.office.come_back()


@contextmanager
def repeat_events(stage: Stage) -> Iterator[str]:
    """A publisher sends again what it sent before, out of order."""
    stage.feeder.repeat(_MANY)
    yield f"{2 * _MANY} messages"


@contextmanager
def send_hostile_bodies(stage: Stage) -> Iterator[str]:
    """Somebody who may publish sends what nobody should."""
    stage.feeder.harass(30)
    yield "30 messages"


FAULTS: dict[str, Fault] = {
    "kill a service": kill_a_service,
    "stop a service": stop_a_service,
    "restart a service": restart_a_service,
    "stop the broker": stop_the_broker,
    "kill the broker": kill_the_broker,
    "crash the database": crash_the_database,
    "cut from the broker": _cut("broker"),
    "cut from the database": _cut("database"),
    "half-open to the broker": _freeze("broker"),
    "half-open to the database": _freeze("database"),
    "slow to the broker": _spoil("broker", _slow),
    "slow to the database": _spoil("database", _slow),
    "sliced to the broker": _spoil("broker", _sliced),
    "sliced to the database": _spoil("database", _sliced),
    "memory alarm": alarm_the_broker,
    "office refuses": _mood("refuse"),
    "office is silent": _mood("silent"),
    "office forgets to answer": _mood("forget"),
    "office is closed": close_the_office,
    "events repeated": repeat_events,
    "hostile bodies": send_hostile_bodies,
}
# These lay hands on one and the same thing: of each row only one fault lasts at a time.
SAME_THING = (
    {"stop the broker", "kill the broker", "memory alarm"},
    {"crash the database"},
    {"office refuses", "office is silent", "office forgets to answer", "office is closed"},
)
# The ones that services survive by their own strength come more often.
_OFTEN = ("kill a service", "stop a service", "restart a service", "crash the database", "cut from the broker")


def meets(name: str, lasting: Collection[str]) -> bool:
    """Tell whether a fault would lay hands on what one of those that last has hold of."""
    return any(name in row and not row.isdisjoint(lasting) for row in SAME_THING)


def deck(chance: random.Random, number: int) -> list[str]:
    """Return the names of ``number`` faults in random order; in twenty-six or more, each of them occurs."""
    cards: list[str] = []
    while len(cards) < number:
        pack = [*FAULTS, *_OFTEN]
        chance.shuffle(pack)
        cards += pack
    return cards[:number]
