"""What stands on the broker of a production is what the services rely on, and nobody may do more than they must."""

from __future__ import annotations

import re
from typing import Any

import pytest

from deploy.rabbitmq.build import FILE, OPERATOR, PARTNERS, document, text
from services.cli.hosting import SERVICES
from shared.contracts.registry import contracts
from shared.messaging import topology
from shared.messaging.subscription import subscribed_types

DEFINITIONS = document()
USERS = {one["user"]: one for one in DEFINITIONS["permissions"]}
TOPICS = {one["user"]: re.compile(one["write"]) for one in DEFINITIONS["topic_permissions"]}


def test_what_is_committed_is_what_the_code_says() -> None:
    """A new event type or subscription changes the broker too."""
    assert FILE.read_text(encoding="ascii") == text(), "run `python -m deploy.rabbitmq.build`"


@pytest.mark.parametrize("name", SERVICES)
def test_each_queue_gets_what_its_service_subscribes_to(name: str) -> None:
    """Neither less, which would be lost on it, nor more, which it would refuse."""
    bound = {one["routing_key"] for one in DEFINITIONS["bindings"] if one["destination"] == name}
    assert bound == set(subscribed_types(SERVICES[name]))
    queue = next(one for one in DEFINITIONS["queues"] if one["name"] == name)
    assert queue["arguments"] == dict(topology.SERVICE_QUEUE)


def test_a_service_with_partitions_gets_each_slot_once() -> None:
    """Whatever a subject falls into has one queue of the service, and what has no slot has one too."""
    split = document({"reporting": 4})
    names = topology.queues("reporting", 4)
    kept = [one["name"] for one in split["queues"] if one["name"].startswith("reporting")]
    assert kept == [*names, topology.roll_queue("reporting")]
    bound = [one for one in split["bindings"] if one["destination"] in names]
    slots = [one["arguments"].get(topology.SLOT) for one in bound]
    assert sorted(filter(None, slots)) == [f"{slot:02}" for slot in range(topology.SLOTS)]
    assert slots.count(None) == 1
    types = {one["routing_key"] for one in split["bindings"] if one["destination"] == topology.spreading_exchange("reporting")}
    assert types == set(subscribed_types(SERVICES["reporting"]))


def test_nothing_falls_through() -> None:
    """What no queue is bound to, and what a queue gave up, each has a queue of its own."""
    exchanges = {one["name"]: one for one in DEFINITIONS["exchanges"]}
    assert exchanges[topology.EVENTS]["arguments"]["alternate-exchange"] == topology.UNROUTABLE
    for name in (topology.UNROUTABLE, topology.DEAD):
        assert exchanges[name]["type"] == "fanout"
        assert [one["destination"] for one in DEFINITIONS["bindings"] if one["source"] == name] == [name]


@pytest.mark.parametrize("user", USERS)
def test_nobody_may_change_the_topology(user: str) -> None:
    """Services declare nothing in production."""
    assert not re.search(USERS[user]["configure"], topology.EVENTS)
    assert not any(re.search(USERS[user]["configure"], queue) for queue in SERVICES)


@pytest.mark.parametrize("user", [*SERVICES, *PARTNERS])
def test_each_publishes_only_what_is_theirs(user: str) -> None:
    """A service cannot forge another's events, and a partner neither ours nor another partner's."""
    for event_type, contract in contracts().items():
        allowed = contract.publisher == user or (user in SERVICES and contract.publisher in PARTNERS)
        assert bool(TOPICS[user].search(event_type)) == allowed, event_type
    assert re.search(USERS[user]["write"], topology.EVENTS)
    assert not any(re.search(USERS[user]["write"], name) for name in (*SERVICES, topology.DEAD, "", "amq.topic"))


@pytest.mark.parametrize("user", USERS)
def test_each_reads_only_its_own_queue(user: str) -> None:
    """Nobody takes another's events away; what was put aside is for operators."""
    readable: set[Any] = {one["name"] for one in DEFINITIONS["queues"] if re.search(USERS[user]["read"], one["name"])}
    own = {user} & SERVICES.keys()
    assert readable == ({topology.DEAD, topology.UNROUTABLE} if user == OPERATOR else own)


def test_no_user_has_a_password_here() -> None:
    """Users are made with the secrets of an installation."""
    assert "users" not in DEFINITIONS
