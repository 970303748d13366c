"""Vanilla nameko 2.14: ``@consume`` and a dependency provider for the database, with nameko's own number of workers.

Errors are requeued, or nameko would acknowledge and forget the event. The driver is the faster one under eventlet.
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

from typing import Any  # noqa: E402 - nothing may be imported before

import sqlalchemy as sa  # noqa: E402
from kombu import Queue  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.messaging import consume  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

from tests.benchmarks.peers.work import QUEUE, broker_url, database_url, record  # noqa: E402

_WORKERS = 10


class Database(DependencyProvider):
    """Injects an engine with a connection for each worker."""

    def setup(self) -> None:
        self._engine = sa.create_engine(database_url("psycopg2"), pool_size=_WORKERS)

    def get_dependency(self, _worker_ctx: Any) -> sa.Engine:
        return self._engine


class RollupService:
    """Adds up events."""

    name = "bench"
    database = Database()

    @consume(Queue(QUEUE, no_declare=True), requeue_on_error=True)
    def add(self, event: dict[str, Any]) -> None:
        """Take one event."""
        with self.database.begin() as connection:
            record(connection, event)


def main() -> None:
    """Run until stopped."""
    runner = ServiceRunner({"AMQP_URI": broker_url(), "max_workers": _WORKERS})
    runner.add_service(RollupService)
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main()
