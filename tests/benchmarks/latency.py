"""How long it takes from a publish to the committed effect of the second service, one event after the other.

The end is the arrival of a notification that PostgreSQL sends when the transaction is committed, for us as for the floor.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import pika
import psycopg
import sqlalchemy as sa

from shared.contracts.codec import encode
from shared.contracts.partners import SampleTested
from shared.messaging import topology
from tests.benchmarks import events
from tests.benchmarks.figures import percentile, spread
from tests.benchmarks.peers import floor
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stages import Stage, stage, wait_for
from tests.servers.ports import free_ports

_SERVICES = ("planning", "inspection", "notification", "reporting")
# The share of events at the beginning that is not counted: of the first some thousand after its start a service notes each,
# for one of them may have killed it before.
_WARM_UP = 0.7

_TRIGGER = """
create function told() returns trigger language plpgsql as
$$ begin perform pg_notify('bench', new.{column}::text); return new; end $$;
create trigger told after insert on {table} for each row execute function told();
"""


def measure(sizes: Sizes) -> dict[str, Any]:
    """Let the floor and our services take turns; return milliseconds."""
    count = sizes.latency_rate * sizes.latency_seconds
    runs: dict[str, list[list[float]]] = {"floor": [], "inspection to notification": []}
    for number in range(sizes.rounds):
        for name, play in (("floor", _floor), ("inspection to notification", _services)):
            with stage() as place, play(place):
                runs[name].append(_delays(place, count, sizes.latency_rate))
            print(f"latency {number + 1}/{sizes.rounds} {name}: p99 {percentile(runs[name][-1], 0.99):.1f} ms", file=sys.stderr)
    return {
        name: {
            "events_per_second": sizes.latency_rate,
            "events": count,
            "p50_milliseconds": spread([percentile(delays, 0.5) for delays in rounds]),
            "p99_milliseconds": spread([percentile(delays, 0.99) for delays in rounds]),
        }
        for name, rounds in runs.items()
    }


@contextmanager
def _floor(place: Stage) -> Iterator[str]:
    with _connected(place) as channel:
        for queue in (floor.FIRST, floor.SECOND):
            channel.queue_declare(queue, durable=True, arguments=dict(topology.SERVICE_QUEUE))
        place.declare("nobody", ["customs.lot_declared"])  # makes the exchange
        channel.queue_bind(floor.FIRST, topology.EVENTS, SampleTested.type)
    with psycopg.connect(_plain(place), autocommit=True) as database:
        database.execute(floor.TABLES)
        database.execute(_TRIGGER.format(table="inbox_2", column="id"))
    with ExitStack() as stack:
        for part in ("first", "second"):
            stack.enter_context(place.playing("tests.benchmarks.peers.floor", part))
        _await_readers(place, [floor.FIRST, floor.SECOND])
        yield floor.FIRST


@contextmanager
def _services(place: Stage) -> Iterator[str]:
    """Run inspection and notification; the queues of the other two only fill."""
    for name in ("inspection", "notification"):
        place.migrate(name)
    for name in _SERVICES:
        place.declare(name)
    with psycopg.connect(_plain(place), autocommit=True, options="-c search_path=notification") as database:
        database.execute(_TRIGGER.format(table="notices", column="correlation_id"))
    with ExitStack() as stack:
        for name, port in zip(("inspection", "notification"), free_ports(2), strict=True):
            address = f"127.0.0.1:{port}"
            stack.enter_context(place.playing("services.cli", "run", name, CHUAN_HTTP_ADDRESS=address))
        _await_readers(place, ["inspection", "notification"])
        yield "inspection"


def _delays(place: Stage, count: int, rate: int) -> list[float]:
    """Publish findings at an even pace and return how many milliseconds each took, without those of the warm-up."""
    arrived: dict[str, float] = {}
    stop = threading.Event()
    listener = threading.Thread(target=_listen, args=(_plain(place), arrived, stop))
    listener.start()
    try:
        sent = _publish(place, count, rate)
        wait_for(lambda: len(arrived) >= count, seconds=60)
    finally:
        stop.set()
        listener.join()
    return [(arrived[event_id] - at) * 1000 for event_id, at in list(sent.items())[int(count * _WARM_UP) :]]


def _listen(url: str, arrived: dict[str, float], stop: threading.Event) -> None:
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("listen bench")
        while not stop.is_set():
            for told in database.notifies(timeout=0.5):
                arrived.setdefault(told.payload, time.perf_counter())


def _publish(place: Stage, count: int, rate: int) -> dict[str, float]:
    sent: dict[str, float] = {}
    properties = pika.BasicProperties(content_type="application/json", delivery_mode=pika.DeliveryMode.Persistent)
    with _connected(place) as channel:
        channel.confirm_delivery()
        began = time.perf_counter()
        for number, event in enumerate(events.findings(count)):
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            body = encode(event)
            sent[event.id] = time.perf_counter()
            channel.basic_publish(topology.EVENTS, event.type, body, properties, mandatory=True)
    return sent


def _await_readers(place: Stage, queues: Sequence[str]) -> None:
    with _connected(place) as channel:
        readers: Callable[[str], int] = lambda queue: channel.queue_declare(queue, passive=True).method.consumer_count  # noqa: E731
        wait_for(lambda: all(readers(queue) for queue in queues))


@contextmanager
def _connected(place: Stage) -> Iterator[Any]:
    connection = pika.BlockingConnection(pika.URLParameters(place.broker_url))
    try:
        yield connection.channel()
    finally:
        connection.close()


def _plain(place: Stage) -> str:
    return sa.make_url(place.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
