"""Dramatiq on RabbitMQ: its own processes and threads, and its own kind of queue, for it offers no quorum queues.

``python -m tests.benchmarks.peers.with_dramatiq COUNT`` sends the events.
"""

from __future__ import annotations

import sys
from typing import Any

import dramatiq
import msgspec
import sqlalchemy as sa
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from tests.benchmarks import events
from tests.benchmarks.peers.work import broker_url, database_url, record

_THREADS = 8

dramatiq.set_broker(RabbitmqBroker(url=broker_url(), confirm_delivery=True))
engine = sa.create_engine(database_url("psycopg2"), pool_size=_THREADS)


@dramatiq.actor
def add(event: dict[str, Any]) -> None:
    """Take one event."""
    with engine.begin() as connection:
        record(connection, event)


if __name__ == "__main__":
    for body in events.bodies(int(sys.argv[1])):
        add.send(msgspec.json.decode(body))
