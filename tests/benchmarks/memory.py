"""How much memory each service takes: when it has started, and after it has worked."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Any

import pika

from services.cli import sample_year
from shared.contracts.codec import encode
from shared.messaging import topology
from tests.benchmarks import machine
from tests.benchmarks.figures import spread
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stages import Stage, stage, wait_for
from tests.servers.ports import free_ports

_SERVICES = ("planning", "inspection", "notification", "reporting")
_YEAR, _SEED = 2025, 7


def measure(sizes: Sizes) -> dict[str, Any]:
    """Run all four services as processes of their own, let them work on a sample year, and return MiB."""
    with stage() as place, ExitStack() as stack:
        for name in _SERVICES:
            place.migrate(name)
            place.declare(name)
        running = {
            name: stack.enter_context(place.playing("services.cli", "run", name, CHUAN_HTTP_ADDRESS=f"127.0.0.1:{port}")).pid
            for name, port in zip(_SERVICES, free_ports(len(_SERVICES)), strict=True)
        }
        wait_for(lambda: all(readers for _, readers in _queues(place)))
        started = {name: machine.memory_mib(pid) for name, pid in running.items()}
        sent = _feed(place, sizes.memory)
        wait_for(lambda: not any(waiting for waiting, _ in _queues(place)), pause=1, seconds=600)
        worked = {name: machine.memory_mib(pid) for name, pid in running.items()}
    print(f"memory: {worked}", file=sys.stderr)
    return {
        name: {"started_mib": spread([started[name]]), "after_events": sent, "worked_mib": spread([worked[name]])}
        for name in _SERVICES
    }


def _feed(place: Stage, count: int) -> int:
    connection = pika.BlockingConnection(pika.URLParameters(place.broker_url))
    channel = connection.channel()
    sent = 0
    for event in sample_year.events(_SEED, _YEAR, count):
        channel.basic_publish(topology.EVENTS, event.type, encode(event), pika.BasicProperties(delivery_mode=2))
        sent += 1
    connection.close()
    return sent


def _queues(place: Stage) -> list[tuple[int, int]]:
    """Return how many messages wait in each service's queue, and how many readers it has."""
    connection = pika.BlockingConnection(pika.URLParameters(place.broker_url))
    channel = connection.channel()
    found = [channel.queue_declare(name, passive=True).method for name in _SERVICES]
    connection.close()
    return [(one.message_count, one.consumer_count) for one in found]
