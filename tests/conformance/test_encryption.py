"""Broker and database over TLS: what is trusted is used, what is not is refused with what to do about it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from deploy.make_certificates import issue, make_authority
from shared.client import Client, event
from shared.contracts.partners.laboratory import SampleTested
from shared.database.engine import Database
from shared.kernel.errors import ChuanError, DependencyDown
from shared.messaging.brokers import Fate, connect
from tests.chaos.fleet import Copy
from tests.conformance.traffic import VIOLATION, bodies, messages, take
from tests.servers.ports import free_ports
from tests.servers.postgresql import PostgresServer
from tests.servers.processes import Process, wait_until
from tests.servers.rabbitmq import RabbitNode
from tests.servers.state import ROOT

pytestmark = [
    pytest.mark.server("rabbitmq"),
    pytest.mark.server("postgresql"),
    pytest.mark.xdist_group("own node"),
    pytest.mark.timeout(300),
]

QUEUE = "planning"


@dataclass(frozen=True)
class Encrypted:
    """A broker and a database that speak TLS only, and the certificates there are."""

    folder: Path
    node: RabbitNode
    server: PostgresServer
    processes: list[Process]

    def broker_url(self, *, host: str = "localhost", cafile: str = "ours/ca.crt") -> str:
        """Return where the broker is, for somebody who trusts ``cafile``."""
        return f"{self.node.url.replace('127.0.0.1', host)}?cafile={self.folder / cafile}"

    def database_url(self, *, host: str = "localhost", cafile: str = "ours/ca.crt") -> str:
        """Return where the database is, for somebody who trusts ``cafile``."""
        return f"{self.server.url.replace('127.0.0.1', host)}?sslmode=verify-full&sslrootcert={self.folder / cafile}"

    def certify(self, name: str) -> None:
        """Give both servers the certificate ``name``."""
        for server in (self.node, self.server):
            server.certify(self.folder / "ours" / f"{name}.crt")
        self.node.control("eval", "ssl:clear_pem_cache().")
        self.processes[-1].send(signal.SIGHUP)


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encrypted]:
    """Give servers with a certificate for ``localhost``, of an authority of their own; there is another authority too."""
    folder = tmp_path_factory.mktemp("encryption")
    for authority in ("ours", "other"):
        (folder / authority).mkdir()
        make_authority(folder / authority)
    issue(folder / "ours", "valid", ["localhost"])
    issue(folder / "ours", "expired", ["localhost"], days=-1)
    valid = folder / "ours" / "valid.crt"
    node, server = RabbitNode.prepare(folder / "node", valid), PostgresServer.prepare(folder / "server", valid)
    processes = [*node.start(), *server.start()]
    yield Encrypted(folder, node, server, processes)
    for process in processes:
        process.stop()


@pytest.fixture
def expired(encrypted: Encrypted) -> Iterator[Encrypted]:
    """Give the servers with a certificate that has expired."""
    encrypted.certify("expired")
    yield encrypted
    encrypted.certify("valid")


def ask(url: str) -> Any:
    """Ask a database whether it encrypts what it says."""
    database = Database(url, "public")
    try:
        with database.reading() as connection:
            return connection.scalar(sa.text("select ssl from pg_stat_ssl where pid = pg_backend_pid()"))
    finally:
        database.close()


def figures(port: int) -> str:
    """Return the metrics of a service."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def declare(url: str) -> None:
    """Do what a reader does first."""
    connect(url).declare(QUEUE, [VIOLATION])


def subscribe(url: str) -> None:
    """Open a reader."""
    connect(url).subscribe(QUEUE).close()


def publish(url: str) -> None:
    """Open a publisher."""
    connect(url).publisher().close()


WAYS: list[Callable[[str], None]] = [declare, subscribe, publish]


def refusal(call: Callable[[str], Any], url: str) -> str:
    """Return why a call was refused."""
    with pytest.raises(DependencyDown) as caught:
        call(url)
    assert "://" not in str(caught.value)  # no URL, for there is a password in it
    return str(caught.value)


def test_events_travel_encrypted(encrypted: Encrypted) -> None:
    """Topology is declared, events are published and read, and the broker's name and authority are checked."""
    broker = connect(encrypted.broker_url())
    broker.declare(QUEUE, [VIOLATION])
    publisher, reader = broker.publisher(), broker.subscribe(QUEUE)
    sent = messages(1200)
    assert set(publisher.publish(sent, timeout=30)) == {Fate.CONFIRMED}
    got = take(reader, len(sent))
    assert bodies(got) == [one.body for one in sent]
    reader.ack(got)
    for one in (reader, publisher):
        one.close()


def test_rows_travel_encrypted(encrypted: Encrypted) -> None:
    """The database's name and authority are checked."""
    assert ask(encrypted.database_url()) is True


@pytest.mark.parametrize("call", WAYS)
def test_a_broker_of_another_authority_is_refused(encrypted: Encrypted, call: Callable[[str], None]) -> None:
    """Whoever can answer in the broker's place gets no password."""
    assert "?cafile= must name" in refusal(call, encrypted.broker_url(cafile="other/ca.crt"))


@pytest.mark.parametrize("call", WAYS)
def test_a_broker_of_another_name_is_refused(encrypted: Encrypted, call: Callable[[str], None]) -> None:
    """A certificate of the right authority for another server is not enough."""
    assert "use the name that stands in" in refusal(call, encrypted.broker_url(host="127.0.0.1"))


@pytest.mark.parametrize("call", WAYS)
def test_a_broker_whose_certificate_expired_is_refused(expired: Encrypted, call: Callable[[str], None]) -> None:
    """The error says so, and not only that something failed."""
    assert "needs a new certificate" in refusal(call, expired.broker_url())


@pytest.mark.parametrize("call", WAYS)
def test_an_authority_that_cannot_be_read_is_named(call: Callable[[str], None]) -> None:
    """A misspelt path is said with the path."""
    assert "cafile=/nowhere/ca.crt: No such file" in refusal(call, "amqps://chuan:x@localhost/?cafile=/nowhere/ca.crt")


def test_a_database_that_is_not_trusted_is_refused(encrypted: Encrypted) -> None:
    """Another authority, another name, a missing file: each with what to do."""
    assert "sslrootcert= must name" in refusal(ask, encrypted.database_url(cafile="other/ca.crt"))
    assert "use the name that stands in" in refusal(ask, encrypted.database_url(host="127.0.0.1"))
    assert "sslrootcert= names a file that is not there" in refusal(ask, encrypted.database_url(cafile="nowhere.crt"))


def test_a_database_whose_certificate_expired_is_refused(expired: Encrypted) -> None:
    """PostgreSQL's library does not tell expiry from another authority; the advice names both."""
    assert "or that has expired" in refusal(ask, expired.database_url())


def test_neither_server_takes_a_password_in_the_clear(encrypted: Encrypted) -> None:
    """Not even from this machine."""
    with pytest.raises(DependencyDown):
        connect(encrypted.node.url.replace("amqps", "amqp")).publisher()
    with pytest.raises(DependencyDown):
        ask(f"{encrypted.server.url}?sslmode=disable")


@pytest.mark.parametrize(
    "url", ["amqp://u:p@broker.example/chuan", "amqp://u:p@10.0.0.7/chuan", "amqp://u:p@localhost/?cafile=x"]
)
def test_no_password_leaves_this_machine_in_the_clear(url: str) -> None:
    """A broker elsewhere is spoken to with TLS, or not at all."""
    with pytest.raises(ChuanError, match="amqps"):
        connect(url)


@pytest.mark.parametrize("query", ["", "?sslmode=require", "?sslmode=verify-ca&sslrootcert=x", "?host=db.example"])
def test_a_database_elsewhere_is_always_checked(query: str) -> None:
    """Encryption without a check of the name would encrypt for whoever answers."""
    with pytest.raises(ChuanError, match="sslmode=verify-full"):
        Database(f"postgresql+psycopg://u:p@db.example/chuan{query}", "planning")


def test_a_service_runs_encrypted(encrypted: Encrypted, tmp_path: Path) -> None:
    """A real process, green as in production, takes an event in, sends it through the broker, and handles it."""
    port = free_ports(1)[0]
    environment = {
        "CHUAN_BROKER_URL": encrypted.broker_url(),
        "CHUAN_DATABASE_URL": encrypted.database_url(),
        "CHUAN_HTTP_ADDRESS": f"127.0.0.1:{port}",
    }
    migrate = [sys.executable, "-m", "services.cli", "migrate", "inspection"]
    subprocess.run(migrate, env={**os.environ, **environment}, cwd=ROOT, check=True, capture_output=True)
    service = Copy(
        name="encrypted", service="inspection", port=port, environment=environment, log=tmp_path / "service.log", links={}
    )
    service.start()
    try:
        assert service.await_ready(), service.log.read_text(encoding="utf-8")
        sample = event("/sample/laboratory", "SAMPLE-TLS-1", SampleTested.sample())
        with Client(f"http://127.0.0.1:{port}") as client:
            client.publish([sample])
        handled = f'chuan_handler_events_total{{outcome="ok",service="inspection",type="{SampleTested.type}"}} 1.0'
        assert wait_until(lambda: handled in figures(port), 30), figures(port)
        assert service.stop()
    finally:
        service.kill()
