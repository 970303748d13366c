"""How fast events are published with the broker's confirm: from our outbox, and by the client libraries alone."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pika
import sqlalchemy as sa

from shared.contracts.codec import encode
from shared.database.upsert import insert_all
from shared.messaging.tables import outbox
from tests.benchmarks import events
from tests.benchmarks.figures import spread
from tests.benchmarks.peers.work import QUEUE
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stages import Stage, stage, wait_for

_CHUNK = 5_000


def measure(sizes: Sizes) -> dict[str, Any]:
    """Let the publishers take turns; return events a second."""
    each, many = sizes.confirmed_each, sizes.pipelined
    counts = {"relay": many, "pika confirm each": each, "aio-pika await each": each, "aio-pika gather 500": many // 2}
    rates: dict[str, list[float]] = {name: [] for name in counts}
    for number in range(sizes.rounds):
        for name, count in counts.items():
            with stage() as place:
                place.declare(QUEUE)
                rates[name].append(_rate(name, place, count))
                arrived = _queued(place)
            if arrived != count:
                raise RuntimeError(f"{name}: {arrived} of {count} events arrived")
            print(f"publish {number + 1}/{sizes.rounds} {name}: {rates[name][-1]:,.0f}/s", file=sys.stderr)
    return {name: {"events": count, "events_per_second": spread(rates[name])} for name, count in counts.items()}


def _rate(name: str, place: Stage, count: int) -> float:
    match name:
        case "relay":
            return _relayed(place, count)
        case "pika confirm each":
            return count / _seconds(place, "publish_with_pika", count)
        case "aio-pika await each":
            return count / _seconds(place, "publish_with_aio_pika", count, 1)
        case _:
            return count / _seconds(place, "publish_with_aio_pika", count, 500)


def _seconds(place: Stage, module: str, *arguments: int) -> float:
    command = [sys.executable, "-m", f"tests.benchmarks.peers.{module}", *map(str, arguments)]
    done = subprocess.run(command, env=place.environment(), check=True, stdout=subprocess.PIPE)
    return float(done.stdout)


def _relayed(place: Stage, count: int) -> float:
    """Fill an outbox, start its service, and return events a second between its first and its last mark."""
    place.migrate("announcer")
    database = place.database("announcer")
    now = datetime.now(UTC)
    rows = [
        {"type": event.type, "subject": event.subject, "body": encode(event).decode(), "created_at": now}
        for event in events.violations(count)
    ]
    with database.writing() as connection:
        for start in range(0, count, _CHUNK):
            insert_all(connection, outbox, rows[start : start + _CHUNK])
    marks = sa.select(sa.func.count(), sa.func.min(outbox.c.published_at), sa.func.max(outbox.c.published_at))
    left = sa.select(sa.func.count()).where(outbox.c.published_at.is_(None))

    def published() -> bool:
        with database.reading() as connection:
            return connection.scalar(left) == 0

    with place.playing("tests.benchmarks.kit", "announcer"):
        wait_for(published, pause=0.25)
    with database.reading() as connection:
        total, first, last = connection.execute(marks).one()
        at_first = connection.execute(marks.where(outbox.c.published_at == first)).one()[0]
    database.close()
    return float((total - at_first) / (last - first).total_seconds())


def _queued(place: Stage) -> int:
    connection = pika.BlockingConnection(pika.URLParameters(place.broker_url))
    count = connection.channel().queue_declare(QUEUE, passive=True).method.message_count
    connection.close()
    return int(count)
