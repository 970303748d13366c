"""How fast each contender takes events off its queue and does the durable work with them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa

from shared.contracts.inspection import ViolationDetected
from tests.benchmarks import events, machine
from tests.benchmarks.figures import spread
from tests.benchmarks.kit.service import metadata as kit_tables
from tests.benchmarks.peers.work import QUEUE
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stages import Stage, servers, stage, wait_for
from tests.servers.ports import free_ports

_ROLLUP = "select coalesce(sum(events), 0)::bigint from rollup"
_CELLS = "select coalesce(sum(value), 0)::bigint from cells where indicator = 'violations' and grain = 'day'"


@dataclass(frozen=True, kw_only=True)
class Contender:
    """Who it is, how its stage is prepared, how it is started, and where its figures are found."""

    name: str
    prepare: Callable[[Stage, int], None]
    command: tuple[str, ...]
    schema: str = "public"
    total: str = _ROLLUP
    batches: bool = False
    peer: bool = True
    processes: int = 1
    copies: int = 1  # how often the command is started


def measure(sizes: Sizes) -> dict[str, Any]:
    """Let the contenders take turns; return events a second, and processor time for each event."""
    rates: dict[str, list[float]] = {one.name: [] for one in CONTENDERS}
    costs: dict[str, dict[str, list[float]]] = {one.name: {} for one in CONTENDERS}
    for number in range(sizes.rounds):
        for one in CONTENDERS:
            rate, cost = _round(one, sizes.fast if one.batches else sizes.slow)
            rates[one.name].append(rate)
            for part, microseconds in cost.items():
                costs[one.name].setdefault(part, []).append(microseconds)
            print(f"consume {number + 1}/{sizes.rounds} {one.name}: {rate:,.0f}/s", file=sys.stderr)
    return {
        one.name: {
            "events": sizes.fast if one.batches else sizes.slow,
            "events_per_second": spread(rates[one.name]),
            "processor_microseconds_per_event": {part: spread(values) for part, values in costs[one.name].items()},
        }
        for one in CONTENDERS
    }


def peers(processes: int = 1) -> list[str]:
    """Return the names of the contenders with that many processes that are neither ours nor the limit."""
    return [one.name for one in CONTENDERS if one.peer and one.processes == processes]


def _round(one: Contender, count: int) -> tuple[float, dict[str, float]]:
    """Let one contender work off ``count`` events; check what it stored."""
    with stage() as place:
        one.prepare(place, count)
        with ExitStack() as stack:
            database = stack.enter_context(_looking(place, one.schema))
            started = [
                stack.enter_context(place.playing(*one.command, CHUAN_HTTP_ADDRESS=f"127.0.0.1:{port}"))
                for port in free_ports(one.copies)
            ]

            def done() -> int:
                return int(database.execute(one.total).fetchone()[0])

            wait_for(lambda: done() > 0)
            members = {"contender": [process.pid for process in started], **servers()}
            before, counted = _processor_seconds(members), done()
            wait_for(lambda: done() >= count)
            after = _processor_seconds(members)
            return _rate(database, one, count), {
                part: (after[part] - before[part]) / max(count - counted, 1) * 1e6 for part in after
            }


def _rate(database: psycopg.Connection, one: Contender, count: int) -> float:
    """Return events a second between the first and the last moment at which some were stored.

    What was stored at the first moment had been worked on before it, and is not counted.
    """
    stored, first, last = database.execute("select count(*), min(received_at), max(received_at) from inbox").fetchone()
    at_first = database.execute("select count(*) from inbox where received_at = %s", [first]).fetchone()[0]
    added = database.execute(one.total).fetchone()[0]
    if not stored == added == count:
        raise RuntimeError(f"{one.name}: {stored} ids stored and {added} events added up, of {count}")
    return (count - at_first) / (last - first).total_seconds()


def _looking(place: Stage, schema: str) -> psycopg.Connection:
    url = sa.make_url(place.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(url, autocommit=True, options=f"-c search_path={schema}")


def _processor_seconds(members: dict[str, list[int]]) -> dict[str, float]:
    return {part: machine.processor_seconds(pids) for part, pids in members.items()}


def _peer(place: Stage, count: int) -> None:
    place.prepare_peer()
    place.send(QUEUE, events.bodies(count), ViolationDetected.type)


def _tasks(module: str) -> Callable[[Stage, int], None]:
    def prepare(place: Stage, count: int) -> None:
        place.prepare_peer()
        subprocess.run([sys.executable, "-m", module, str(count)], env=place.environment(), check=True)

    return prepare


def _kit(place: Stage, count: int) -> None:
    place.migrate("rollup", kit_tables)
    place.declare("rollup")
    place.send("rollup", events.bodies(count), ViolationDetected.type)


def _product(place: Stage, count: int) -> None:
    place.migrate("reporting")
    place.declare("reporting")
    place.send("reporting", events.bodies(count), ViolationDetected.type)


_PEERS = "tests.benchmarks.peers"


def _celery(processes: int) -> Contender:
    return Contender(
        name=_name("celery", processes),
        prepare=_tasks(f"{_PEERS}.with_celery"),
        command=("celery", "-A", f"{_PEERS}.with_celery", "worker", "--loglevel", "WARNING", "--concurrency", str(processes)),
        processes=processes,
    )


def _dramatiq(processes: int) -> Contender:
    return Contender(
        name=_name("dramatiq", processes),
        prepare=_tasks(f"{_PEERS}.with_dramatiq"),
        command=("dramatiq", f"{_PEERS}.with_dramatiq", "--processes", str(processes)),
        processes=processes,
    )


def _name(peer: str, processes: int) -> str:
    return peer if processes == 1 else f"{peer}, {processes} processes"


CONTENDERS = (
    Contender(name="limit", prepare=_peer, command=(f"{_PEERS}.limit",), batches=True, peer=False),
    Contender(name="kit", prepare=_kit, command=("tests.benchmarks.kit", "rollup"), schema="rollup", batches=True, peer=False),
    Contender(
        name="product",
        prepare=_product,
        command=("services.cli", "run", "reporting"),
        schema="reporting",
        total=_CELLS,
        batches=True,
        peer=False,
    ),
    Contender(name="nameko", prepare=_peer, command=(f"{_PEERS}.with_nameko",)),
    Contender(name="faststream", prepare=_peer, command=(f"{_PEERS}.with_faststream",)),
    _celery(1),
    _dramatiq(1),
    Contender(
        name="kit, 2 processes",
        prepare=_kit,
        command=("tests.benchmarks.kit", "rollup"),
        schema="rollup",
        batches=True,
        peer=False,
        processes=2,
        copies=2,
    ),
    Contender(name="nameko, 2 processes", prepare=_peer, command=(f"{_PEERS}.with_nameko",), processes=2, copies=2),
    Contender(name="faststream, 2 processes", prepare=_peer, command=(f"{_PEERS}.with_faststream",), processes=2, copies=2),
    _celery(2),
    _dramatiq(2),
)
