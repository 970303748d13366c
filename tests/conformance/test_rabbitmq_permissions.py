"""Every user against every exchange, queue and type on a real broker: each may do what the definitions say, and nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker

from deploy.rabbitmq.build import OPERATOR, PARTNERS, VHOST, document
from services.cli.hosting import SERVICES
from shared.contracts.registry import contracts
from shared.messaging import topology
from tests.servers import use
from tests.servers.places import ask

pytestmark = [pytest.mark.server("rabbitmq"), pytest.mark.timeout(300)]

# One service has partitions, so that their queues and exchanges are tried too.
DEFINITIONS = document({"reporting": 2})
USERS = [*SERVICES, *PARTNERS, OPERATOR]
QUEUES = [one["name"] for one in DEFINITIONS["queues"]]
EXCHANGES = [one["name"] for one in DEFINITIONS["exchanges"]]
TYPES = [*sorted({contract.event_type for contract in contracts().values()}), "nobody.knows", "planning", "lab.a.b", "labs.x"]
_PASSWORD = "a password of this test"  # noqa: S105 - its users live as long as the test

Act = Callable[[BlockingChannel], object]


class Installation:
    """A broker with the definitions of a production, and users whose names are only this test's."""

    def __init__(self, rabbitmq: use.Address, url: str) -> None:
        parts = urlsplit(url)
        self.vhost = parts.path.strip("/")
        self._place = f"{parts.hostname}:{parts.port}"
        self._admin = f"{parts.username}:{parts.password}"
        self._management = rabbitmq.management or f"http://{parts.hostname}:15672"
        self._connections: dict[str, pika.BlockingConnection] = {}

    def load(self) -> None:
        """Create the users, and load the definitions into the virtual host."""
        for user in USERS:
            self._ask("PUT", f"users/{self._name(user)}", {"password": _PASSWORD, "tags": ""})
        self._ask("POST", "definitions", self._own_definitions())

    def unload(self) -> None:
        """Remove the users."""
        for connection in self._connections.values():
            connection.close()
        for user in USERS:
            self._ask("DELETE", f"users/{self._name(user)}")

    def may(self, user: str, act: Act) -> bool:
        """Tell whether the broker lets ``user`` do it; any other fault is raised."""
        if user not in self._connections:
            url = f"amqp://{self._name(user)}:{_PASSWORD.replace(' ', '%20')}@{self._place}/{self.vhost}"
            self._connections[user] = pika.BlockingConnection(pika.URLParameters(url))
        channel = self._connections[user].channel()
        try:
            act(channel)
        except ChannelClosedByBroker as error:
            if error.reply_code != 403:
                raise
            return False
        with suppress(AMQPError):
            channel.close()
        return True

    def _name(self, user: str) -> str:
        return f"{self.vhost}-{user}"

    def _ask(self, method: str, path: str, body: object = None) -> object:
        return ask(self._management, self._admin, method, path, body)

    def _own_definitions(self) -> dict[str, list[dict[str, object]]]:
        """Return the definitions for this virtual host, and for its users."""
        own = {part: [{**one, "vhost": self.vhost} for one in found] for part, found in DEFINITIONS.items() if part != "vhosts"}
        for part in ("permissions", "topic_permissions"):
            own[part] = [{**one, "user": self._name(str(one["user"]))} for one in own[part]]
        return own


@pytest.fixture(scope="module")
def installation(rabbitmq: use.Address) -> Iterator[Installation]:
    """Give a broker as it stands in production."""
    from tests.servers import places  # noqa: PLC0415 - as the fixtures of every test

    with places.virtual_host(rabbitmq.url, rabbitmq.management) as url:
        place = Installation(rabbitmq, url)
        place.load()
        yield place
        place.unload()


def publishing(exchange: str, key: str) -> Act:
    """Publish and wait for the answer; a message that finds no queue was allowed too."""

    def act(channel: BlockingChannel) -> None:
        channel.confirm_delivery()
        channel.basic_publish(exchange, key, b"{}")

    return act


def allowed(installation: Installation, user: str, acts: dict[object, Act]) -> set[object]:
    """Return which of ``acts`` the broker lets ``user`` do."""
    return {name for name, act in acts.items() if installation.may(user, act)}


@pytest.mark.parametrize("user", USERS)
def test_each_publishes_only_its_own_types(installation: Installation, user: str) -> None:
    """A service its own and those of partners, which its HTTP takes in; a partner its own; operators nothing."""
    publishers = {user, *PARTNERS} if user in SERVICES else {user}
    expected = {one for one in TYPES[:-4] if one.partition(".")[0] in publishers}
    found = allowed(installation, user, {one: publishing(topology.EVENTS, one) for one in TYPES})
    assert found == expected


@pytest.mark.parametrize("user", USERS)
def test_nobody_writes_past_the_exchange_of_events(installation: Installation, user: str) -> None:
    """Neither straight to a queue, nor to what lies behind the exchange, nor to the broker's own exchanges."""
    others = [name for name in EXCHANGES if name != topology.EVENTS] + ["amq.topic", "amq.fanout", "amq.headers"]
    acts: dict[object, Act] = {(name, key): publishing(name, key) for name in others for key in ("", "lab.sample_tested")}
    acts |= {("", name): publishing("", name) for name in QUEUES}
    assert allowed(installation, user, acts) == set()


@pytest.mark.parametrize("user", USERS)
def test_each_reads_only_its_own_queues(installation: Installation, user: str) -> None:
    """Nobody takes another's events away; what was put aside is for operators."""
    own = {name for name in QUEUES if name.partition(".")[0] == user and user in SERVICES}
    aside = {topology.DEAD, topology.UNROUTABLE} if user == OPERATOR else set()
    found = allowed(installation, user, {name: lambda channel, name=name: channel.basic_consume(name, print) for name in QUEUES})
    assert found == own | aside


@pytest.mark.parametrize("user", USERS)
def test_nobody_changes_the_topology(installation: Installation, user: str) -> None:
    """No queue or exchange is made, changed, bound, emptied or deleted by anybody who only works."""
    acts: dict[object, Act] = {}
    for name in [*QUEUES, "another", f"{user}.another"]:
        acts["declare", name] = lambda channel, name=name: channel.queue_declare(name, durable=True)
        acts["delete", name] = lambda channel, name=name: channel.queue_delete(name)
    for name in [*EXCHANGES, "another"]:
        acts["declare exchange", name] = lambda channel, name=name: channel.exchange_declare(name, "topic", durable=True)
        acts["delete exchange", name] = lambda channel, name=name: channel.exchange_delete(name)
    for exchange, name in itertools.product(EXCHANGES, QUEUES):
        acts["bind", exchange, name] = lambda channel, e=exchange, q=name: channel.queue_bind(q, e, "lab.sample_tested")
    assert allowed(installation, user, acts) == set()


def test_every_user_of_the_definitions_is_tried() -> None:
    """One user for each service and each partner, and operators; all in the one virtual host."""
    assert {one["user"] for one in DEFINITIONS["permissions"]} == set(USERS)
    assert {one["vhost"] for part in ("permissions", "topic_permissions") for one in DEFINITIONS[part]} == {VHOST}
