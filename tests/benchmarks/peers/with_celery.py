"""Celery: late acknowledgement, a quorum queue, one worker process for each processor, many short tasks fetched ahead.

``python -m tests.benchmarks.peers.with_celery COUNT`` sends the events as tasks.
"""

from __future__ import annotations

import sys
from typing import Any

import msgspec
import sqlalchemy as sa
from celery import Celery
from celery.signals import worker_process_init

from tests.benchmarks import events
from tests.benchmarks.peers.work import broker_url, database_url, record

app = Celery("bench", broker=broker_url())
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue="tasks",
    task_default_queue_type="quorum",
    worker_prefetch_multiplier=64,
    broker_transport_options={"confirm_publish": True},
)
engines: list[sa.Engine] = []


@worker_process_init.connect
def open_database(**_kwargs: Any) -> None:
    """Give each worker process an engine of its own."""
    engines.append(sa.create_engine(database_url("psycopg2"), pool_size=1))


@app.task(name="add")
def add(event: dict[str, Any]) -> None:
    """Take one event."""
    with engines[0].begin() as connection:
        record(connection, event)


if __name__ == "__main__":
    for body in events.bodies(int(sys.argv[1])):
        add.delay(msgspec.json.decode(body))
