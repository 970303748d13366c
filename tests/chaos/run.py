"""One run: start everything, feed while things fail, wait until all is quiet, and account for every event."""

from __future__ import annotations

import random
import threading
import time
from contextlib import ExitStack

import sqlalchemy as sa

from tests.chaos.accounting import account
from tests.chaos.consistency import check_consistency
from tests.chaos.faults import FAULTS, Stage, deck, meets
from tests.chaos.feeder import Feeder
from tests.chaos.ledger import Ledger
from tests.chaos.letters import compare_letters
from tests.chaos.plants import missed
from tests.chaos.quiet import Quiet
from tests.chaos.recount import recount
from tests.chaos.world import World
from tests.servers.processes import wait_until

_READY_SECONDS = 120
_PATIENCE = 4  # seconds to recover before the next fault comes all the same
_DRAIN_SECONDS = 400


def run(world: World, seed: int, events: int, faults: int) -> Ledger:
    """Run and return the ledger; what happens is printed as it happens."""
    began = time.monotonic()
    chance = random.Random(f"faults {seed}")
    _start(world)
    share = events // max(faults, 1)
    feeder = Feeder(world.broker.node.url, seed, events, at_once=max(1, share // 8))
    try:
        _spoil(Stage(world, feeder, chance), share, faults, began)
        feeder.feed_rest()
        quiet = Quiet(world, feeder)
        _await_recovery(world)
        if not quiet.wait(_DRAIN_SECONDS + events / 100):
            world.complaints.append(f"not quiet at the end: {quiet.why}")
        _say(began, "quiet")
    finally:
        feeder.stop()
    ledger = Ledger(seed=seed, faults=faults, fed=len(feeder.books.types), derived=0)
    _balance(world, feeder, ledger)
    ledger.seconds = round(time.monotonic() - began, 1)
    _say(began, "done")
    return ledger


def _start(world: World) -> None:
    """Start the services before their databases are made: they must wait for that, and say that they do."""
    for copy in world.copies:
        copy.start()
    for copy in world.copies:
        if not wait_until(lambda one=copy: not one.alive or one.ask("/readyz")[0] == 503, _READY_SECONDS):  # type: ignore[misc]
            world.complaints.append(f"{copy.name} does not say that it has no database")
        if not copy.alive:
            raise RuntimeError(f"{copy.name} did not start:\n{copy.log.read_text(encoding='utf-8')[-2000:]}")
    world.chuan("migrate")
    for copy in world.copies:
        if not copy.await_ready(_READY_SECONDS):
            world.complaints.append(f"{copy.name} does not become ready")


def _spoil(stage: Stage, share: int, faults: int, began: float) -> None:
    """Let one fault follow the other, ``share`` events come in with each; now and then two last at the same time."""
    lasting = ExitStack()
    held: set[str] = set()
    for number, name in enumerate(deck(stage.chance, faults), 1):
        if meets(name, held):
            lasting.close()
            held.clear()
        stage.feeder.feed(share)
        threading.Event().wait(stage.chance.random())
        where = lasting.enter_context(FAULTS[name](stage))
        held.add(name)
        _say(began, f"{number}: {name}: {where}")
        threading.Event().wait(stage.chance.uniform(0.5, 4))
        if stage.chance.random() < 0.2:
            continue  # the next fault comes while this one lasts
        lasting.close()
        held.clear()
        wait_until(lambda: all(copy.ready() for copy in stage.world.copies), _PATIENCE)
        _note_deaths(stage.world)
    lasting.close()


def _note_deaths(world: World) -> None:
    for copy in world.copies:
        copy.note_memory()
        if not copy.alive:
            world.complaints.append(f"{copy.name} died by itself")
            copy.start()


def _await_recovery(world: World) -> None:
    for copy in world.copies:
        if not copy.await_ready(_READY_SECONDS):
            world.complaints.append(f"{copy.name} has not recovered: {copy.ask('/readyz')}")
    _note_deaths(world)


def _balance(world: World, feeder: Feeder, ledger: Ledger) -> None:
    def balance(connection: sa.Connection, into: Ledger) -> None:
        account(connection, world.broker.node.url, feeder.books, into)
        recount(connection, into)
        compare_letters(connection, world.office.ledger, into)
        check_consistency(connection, into)

    engine = sa.create_engine(world.postgres.url)
    with engine.connect() as connection, connection.begin():
        balance(connection, ledger)
    with engine.connect() as connection:
        world.complaints += [f"the accounting does not see what is {what}" for what in missed(connection, balance, ledger)]
    engine.dispose()
    ledger.complaints = len(world.complaints)
    ledger.findings += world.complaints
    ledger.peak_mib = max(copy.peak for copy in world.copies) >> 20


def _say(began: float, what: str) -> None:
    print(f"{time.monotonic() - began:7.1f} s  {what}", flush=True)
