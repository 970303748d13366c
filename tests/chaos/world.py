"""Everything a run needs: private servers, the proxy before them, the services, the office."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from tests.chaos.children import Office, Proxy
from tests.chaos.fleet import Copy
from tests.servers.ports import free_ports
from tests.servers.postgresql import PostgresServer
from tests.servers.processes import Process
from tests.servers.rabbitmq import RabbitNode
from tests.servers.state import ROOT

# Two copies of some, so that work is shared and taken over.
COPIES = ("planning", "planning", "inspection", "inspection", "notification", "notification", "reporting", "reporting")
_DATABASE = "chaos"
_SETTINGS = {
    "CHUAN_STATEMENT_TIMEOUT": "8",
    "CHUAN_CONFIRM_TIMEOUT": "10",
    "CHUAN_DRAIN_TIMEOUT": "15",
    "CHUAN_BATCH_SIZE": "100",
    "CHUAN_LOG_LEVEL": "INFO",
}


class Broker:
    """The RabbitMQ node, which may be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.node = RabbitNode.prepare(folder)
        self._processes = self.node.start()

    def stop_app(self) -> None:
        """Stop RabbitMQ in its node."""
        self.node.control("stop_app")

    def start_app(self) -> None:
        """Start it again."""
        self.node.control("start_app")

    def kill(self) -> None:
        """``kill -9`` of the node."""
        self._processes[0].kill()

    def start(self) -> None:
        """Start the node again with what it holds."""
        self._processes = [*self.node.start(), *self._processes[1:]]

    def alarm(self, *, on: bool) -> None:
        """Let the node believe that its memory is used up, or not."""
        self.node.control("set_vm_memory_high_watermark", *(["0.0000001"] if on else ["absolute", "1GB"]))

    def stop(self) -> None:
        """End the node and its helpers."""
        for process in self._processes:
            process.kill()


class Postgres:
    """The PostgreSQL server, which may be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.server = PostgresServer.prepare(folder)
        self._process: Process = self.server.start()[0]
        engine = sa.create_engine(self.server.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            connection.execute(sa.text(f"create database {_DATABASE}"))
        self.url = sa.make_url(self.server.url).set(database=_DATABASE)

    def crash(self) -> None:
        """What ``pg_ctl stop -m immediate`` does: no farewell, no checkpoint."""
        self._process.send(signal.SIGQUIT)
        self._process.stop()

    def start(self) -> None:
        """Start it again; it recovers from its log."""
        self._process = self.server.start()[0]

    def stop(self) -> None:
        """End the server."""
        self._process.send(signal.SIGQUIT)
        self._process.stop()


class World:
    """All parts of one run, in ``folder``."""

    def __init__(self, folder: Path, ending: ExitStack) -> None:
        self.folder = folder
        self.complaints: list[str] = []
        self.broker = Broker(folder / "rabbitmq")
        ending.callback(self.broker.stop)
        self.postgres = Postgres(folder / "postgresql")
        ending.callback(self.postgres.stop)
        ports = free_ports(1 + 3 * len(COPIES))
        self.proxy = Proxy(folder)
        ending.callback(self.proxy.stop)
        self.office = Office(folder, ports.pop())
        ending.callback(self.office.stop)
        self.copies = [self._copy(number, service, ports) for number, service in enumerate(COPIES)]
        ending.callback(self._stop_copies)

    def chuan(self, *arguments: str) -> str:
        """Run a command of the operator against the servers and return what it prints."""
        environment = {**os.environ, "CHUAN_DATABASE_URL": self.postgres.url.render_as_string(hide_password=False)}
        command = [sys.executable, "-m", "services.cli", *arguments]
        return subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    def _copy(self, number: int, service: str, ports: list[int]) -> Copy:
        name = f"{service}-{COPIES[:number].count(service) + 1}"
        http, broker, database = (ports.pop() for _ in range(3))
        links = {"broker": f"{name} broker", "database": f"{name} database"}
        amqp = urlsplit(self.broker.node.url)
        self.proxy.open(links["broker"], broker, self.broker.node.port)
        self.proxy.open(links["database"], database, self.postgres.server.port)
        environment = {
            **_SETTINGS,
            "CHUAN_BROKER_URL": f"amqp://{amqp.username}:{amqp.password}@127.0.0.1:{broker}/%2F",
            "CHUAN_DATABASE_URL": self.postgres.url.set(port=database).render_as_string(hide_password=False),
            "CHUAN_HTTP_ADDRESS": f"127.0.0.1:{http}",
            "CHUAN_SMTP_URL": self.office.url,
        }
        log = self.folder / f"{name}.log"
        return Copy(name=name, service=service, port=http, environment=environment, log=log, links=links)

    def _stop_copies(self) -> None:
        for copy in self.copies:
            if copy.process is not None:
                copy.process.send(signal.SIGCONT)
                copy.process.kill()


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Give a world whose services are not started yet; everything in it ends with the block."""
    with ExitStack() as ending:
        yield World(folder, ending)
