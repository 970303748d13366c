"""A stage: a virtual host and a database for one contender in one round, and the processes that play on it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pika
import sqlalchemy as sa

from shared.contracts.registry import contracts
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.messaging import topology
from shared.messaging.brokers import connect
from tests.benchmarks.peers.work import QUEUE, metadata
from tests.servers import places, use
from tests.servers.state import locked

LOGS = Path("build") / "bench"
_PATIENCE = 120  # seconds


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Addresses of a virtual host and a database, and a folder, that are empty at first."""

    broker_url: str
    database_url: str
    folder: Path

    def environment(self) -> dict[str, str]:
        """Return what a contender finds its servers by; each knows its own names."""
        return {
            **os.environ,
            "BENCH_BROKER_URL": self.broker_url,
            "BENCH_DATABASE_URL": self.database_url,
            "CHUAN_BROKER_URL": self.broker_url,
            "CHUAN_DATABASE_URL": self.database_url,
            "CHUAN_DATA_DIR": str(self.folder),
            "CHUAN_LOG_LEVEL": "WARNING",
            "PSYCOPG_WAIT_FUNC": "wait_selector",
        }

    @contextmanager
    def playing(self, *command: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run ``python -m command`` with ``more`` in its environment while the block runs; raise if it ended before."""
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"{'_'.join(command[:4])[:80].replace('/', '_')}.log").open("wb") as log:
            environment = self.environment() | more
            process = subprocess.Popen([sys.executable, "-m", *command], env=environment, stdout=log, stderr=log)
            try:
                yield process
                if process.poll() is not None:
                    raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}; see {log.name}")
            finally:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def prepare_peer(self) -> None:
        """Make the tables and the queue that the peers share; the queue is like those of our services."""
        engine = sa.create_engine(self.database_url, poolclass=sa.NullPool)
        metadata.create_all(engine)
        self.declare(QUEUE)

    def migrate(self, name: str, tables: sa.MetaData | None = None) -> None:
        """Make the database of one of our services."""
        database = self.database(name)
        migrate(database)
        if tables is not None:
            with database.writing() as connection:
                tables.create_all(connection)
        database.close()

    def database(self, service: str) -> Database:
        """Open the database of one of our services."""
        return Database(self.database_url, service, pool_size=1)

    def declare(self, queue: str, types: Collection[str] = ()) -> None:
        """Make a queue like those of our services, bound to ``types`` or to everything."""
        connect(self.broker_url).declare(queue, types or contracts().keys())

    def send(self, queue: str, messages: Sequence[bytes], routing_key: str) -> None:
        """Put ``messages`` on the exchange, and wait until ``queue`` holds all of them."""
        properties = pika.BasicProperties(content_type="application/json", delivery_mode=2)
        connection = pika.BlockingConnection(pika.URLParameters(self.broker_url))
        channel = connection.channel()
        for body in messages:
            channel.basic_publish(topology.EVENTS, routing_key, body, properties)
        wait_for(lambda: channel.queue_declare(queue, passive=True).method.message_count >= len(messages), pause=0.2)
        connection.close()


@contextmanager
def stage() -> Iterator[Stage]:
    """Give a new stage on the servers of the tests; it goes when the block ends."""
    rabbitmq, postgresql = use.enter("rabbitmq", os.getpid()), use.enter("postgresql", os.getpid())
    with ExitStack() as stack:
        # Not every client can ask for a quorum queue; here all get one.
        broker_url = stack.enter_context(places.virtual_host(rabbitmq.url, rabbitmq.management, queues="quorum"))
        database_url = stack.enter_context(places.database(postgresql.url))
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="chuan-bench-")))
        yield Stage(broker_url=broker_url, database_url=database_url, folder=folder)


def servers() -> dict[str, list[int]]:
    """Return the processes of the broker and of the database, where they are ours."""
    with locked() as state:
        running = {"broker": state.processes.get("rabbitmq", []), "database": state.processes.get("postgresql", [])}
        return {part: [process.pid for process in processes[:1]] for part, processes in running.items()}


def wait_for(condition: Callable[[], bool], *, pause: float = 0.05, seconds: float = _PATIENCE) -> None:
    """Look at ``condition`` until it holds. Raises ``TimeoutError``."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a contender did not finish; see build/bench/*.log")
        time.sleep(pause)
