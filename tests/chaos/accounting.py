"""Looks for every message of a run in the databases of all services."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pika
import sqlalchemy as sa

from services.cli.hosting import SERVICES
from shared.contracts.codec import decode
from shared.kernel.ids import event_key
from shared.messaging import topology
from shared.messaging.subscription import subscribed_types
from tests.chaos.feeder import Books
from tests.chaos.ledger import Ledger

BOUND = {name: frozenset(subscribed_types(service)) for name, service in SERVICES.items()}
_SHOWN = 5
_CHUNK = 5000


class Fates(NamedTuple):
    """What one service's database says: the state of each event it knows, and the ids it keeps in quarantine."""

    states: dict[str, str]
    quarantined: set[str]


def account(connection: sa.Connection, broker_url: str, books: Books, ledger: Ledger) -> None:
    """Fill in the balance of all messages."""
    derived = _derived(connection, ledger)
    ledger.derived = len(derived)
    types = {**books.types, **derived}
    fates = {service: _fates(connection, service) for service in BOUND}
    given_up = _given_up_by_the_broker(broker_url)
    outcomes = Counter(_outcome(key, event_type, fates, given_up, ledger) for key, event_type in types.items())
    outcomes.update(_hostile_outcome(one.type, one.quarantine_id, fates, ledger) for one in books.hostile)
    ledger.events = len(types) + len(books.hostile) + books.repeated
    ledger.effect = outcomes["effect"]
    ledger.duplicates = books.repeated
    ledger.quarantined = outcomes["quarantined"]
    ledger.dead = outcomes["dead"]
    ledger.lost = outcomes["lost"]
    _explain(types, {one.quarantine_id for one in books.hostile}, fates, ledger)


def _derived(connection: sa.Connection, ledger: Ledger) -> dict[str, str]:
    """Return key and type of all events that services announced; one that was announced twice was done twice."""
    derived: dict[str, str] = {}
    for service in BOUND:
        for event_type, body in _rows(connection, f"select type, body from {service}.outbox"):
            event = json.loads(body)
            key = event_key(event["source"], event["id"])
            if key in derived:
                ledger.counted_twice += 1
                ledger.findings.append(f"{service} announced {event_type} {event['id']} twice")
            derived[key] = event_type
    return derived


def _fates(connection: sa.Connection, service: str) -> Fates:
    states = dict(_rows(connection, f"select replace(key::text, '-', ''), state from {service}.inbox"))
    return Fates(states, {row[0] for row in _rows(connection, f"select replace(id::text, '-', '') from {service}.quarantine")})


def _outcome(key: str, event_type: str, fates: dict[str, Fates], given_up: set[str], ledger: Ledger) -> str:
    states = {service: fates[service].states.get(key) for service, bound in BOUND.items() if event_type in bound}
    if set(states.values()) == {"done"}:
        return "effect"
    if key in given_up or "dead" in states.values():
        ledger.findings.append(f"dead: {event_type} {key}: {states}")
        return "dead"
    ledger.findings.append(f"lost: {event_type} {key}: {states}")
    return "lost"


def _hostile_outcome(event_type: str, item: str, fates: dict[str, Fates], ledger: Ledger) -> str:
    without = [service for service, bound in BOUND.items() if event_type in bound and item not in fates[service].quarantined]
    if not without:
        return "quarantined"
    ledger.findings.append(f"lost: hostile body {item} on its way to {', '.join(without)}")
    return "lost"


def _explain(types: dict[str, str], hostile: set[str], fates: dict[str, Fates], ledger: Ledger) -> None:
    """Count what is where it has no business to be."""
    for service, found in fates.items():
        strange = {
            "events from nowhere": found.states.keys() - types.keys(),
            "events it does not subscribe to": {key for key in found.states if types.get(key, "") not in BOUND[service]},
            "quarantined though harmless": found.quarantined - hostile,
        }
        for what, ids in strange.items():
            ledger.unexplained += len(ids)
            if ids:
                ledger.findings.append(f"{service}: {len(ids)} {what}, for example {sorted(ids)[:_SHOWN]}")


def _given_up_by_the_broker(url: str) -> set[str]:
    """Return the keys of what came back too often and went to the broker's own dead letters."""
    found = set()
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        while True:
            method, _, body = channel.basic_get(topology.DEAD)
            if method is None:
                return found
            found.add(decode(body).key)


def _rows(connection: sa.Connection, statement: str) -> Iterator[tuple[str, ...]]:
    result = connection.execution_options(yield_per=_CHUNK).execute(sa.text(statement))
    return (tuple(row) for row in result)
