"""Writes ``definitions.json`` from the topology, the contracts and the subscriptions: ``python -m deploy.rabbitmq.build``.

``--partitions reporting=4`` splits a service's queue for copies that read at once; with ``--output FILE`` for an installation.
Users come from the secrets of an installation and are loaded before it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from services.cli.hosting import SERVICES
from shared.contracts.registry import contracts
from shared.messaging import topology
from shared.messaging.subscription import subscribed_types

FILE = Path(__file__).resolve().parent / "definitions.json"
VHOST = "chuan"

# What a queue may hold while its reader is away. A full queue refuses, and publishers keep their events.
_QUEUE_BYTES = 20 * 1024**3
_NOTHING = "^$"
OPERATOR = "operator"
# Systems of partners, each of which sends only what is theirs: one user for each publisher that is no service of ours.
PARTNERS = sorted({contract.publisher for contract in contracts().values()} - SERVICES.keys())


def document(partitions: Mapping[str, int] = MappingProxyType({})) -> dict[str, Any]:
    """Return the definitions as RabbitMQ loads them; a service that ``partitions`` does not name has one queue."""
    split = {name: number for name, number in partitions.items() if number > 1}
    return {
        "vhosts": [{"name": VHOST, "default_queue_type": "quorum"}],
        "permissions": [_permission(user, write, read) for user, write, read in _users()],
        "topic_permissions": [_topics(user, publishers) for user, publishers in _publishers().items()],
        "exchanges": [
            _exchange(name, kind, arguments)
            for exchanges in (topology.EXCHANGES, *map(topology.spreading_exchanges, split))
            for name, (kind, arguments) in exchanges.items()
        ],
        "queues": [
            *(_queue(name, topology.SERVICE_QUEUE) for one in SERVICES for name in topology.queues(one, split.get(one, 1))),
            *(_queue(topology.roll_queue(name), topology.ROLL_QUEUE) for name in split),
            *(_queue(name, topology.DEAD_QUEUE) for name in (topology.DEAD, topology.UNROUTABLE)),
        ],
        "bindings": [
            *(_subscription(name, one, name in split) for name, service in SERVICES.items() for one in subscribed_types(service)),
            *(
                _binding(exchange, queue, "", arguments)
                for name, number in split.items()
                for exchange, queue, arguments in topology.spreading_bindings(name, number)
            ),
            *(_binding(name, name, "") for name in (topology.DEAD, topology.UNROUTABLE)),
        ],
        "policies": [
            {
                "vhost": VHOST,
                "name": "bounded",
                "pattern": f"^({'|'.join(SERVICES)})(\\..+)?$",
                "apply-to": "queues",
                "priority": 0,
                "definition": {"max-length-bytes": _QUEUE_BYTES},
            }
        ],
    }


def _users() -> list[tuple[str, str, str]]:
    events = f"^{re.escape(topology.EVENTS)}$"
    aside = f"^({re.escape(topology.DEAD)}|{re.escape(topology.UNROUTABLE)})$"
    services = [(name, events, f"^{name}(\\..+)?$") for name in SERVICES]
    return [*services, *((name, events, _NOTHING) for name in PARTNERS), (OPERATOR, _NOTHING, aside)]


def _publishers() -> dict[str, list[str]]:
    """Return whose events each user may publish: a service its own and, for its HTTP takes them in, those of partners."""
    return {**{name: [name, *PARTNERS] for name in SERVICES}, **{name: [name] for name in PARTNERS}}


def _permission(user: str, write: str, read: str) -> dict[str, str]:
    return {"user": user, "vhost": VHOST, "configure": _NOTHING, "write": write, "read": read}


def _topics(user: str, publishers: list[str]) -> dict[str, str]:
    types = f"^({'|'.join(publishers)})\\.[a-z_]+$"
    return {"user": user, "vhost": VHOST, "exchange": topology.EVENTS, "write": types, "read": _NOTHING}


def _exchange(name: str, kind: str, arguments: Any) -> dict[str, Any]:
    kept = {"durable": True, "auto_delete": False, "internal": False}
    return {"name": name, "vhost": VHOST, "type": kind, **kept, "arguments": dict(arguments)}


def _queue(name: str, arguments: Any) -> dict[str, Any]:
    return {"name": name, "vhost": VHOST, "durable": True, "auto_delete": False, "arguments": dict(arguments)}


def _subscription(service: str, event_type: str, split: bool) -> dict[str, Any]:
    if not split:
        return _binding(topology.EVENTS, service, event_type)
    return _binding(topology.EVENTS, topology.spreading_exchange(service), event_type) | {"destination_type": "exchange"}


def _binding(source: str, queue: str, key: str, arguments: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    target = {"destination": queue, "destination_type": "queue"}
    return {"source": source, "vhost": VHOST, **target, "routing_key": key, "arguments": dict(arguments)}


def text(partitions: Mapping[str, int] = MappingProxyType({})) -> str:
    """Return the file's content."""
    return json.dumps(document(partitions), indent=1) + "\n"


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(prog="python -m deploy.rabbitmq.build", description="Write the broker's definitions.")
    parser.add_argument("--partitions", nargs="+", metavar="SERVICE=NUMBER", default=[], help="queues to be split, into how many")
    parser.add_argument("--output", type=Path, default=FILE, help="another file than that of the repository")
    options = parser.parse_args()
    partitions = dict(one.split("=") for one in options.partitions)
    if unknown := partitions.keys() - SERVICES.keys():
        parser.error(f"no service: {', '.join(sorted(unknown))}")
    if wrong := [one for one in partitions.values() if not one.isdecimal() or not 1 <= int(one) <= topology.SLOTS]:
        parser.error(f"no number of partitions, which is 1 to {topology.SLOTS}: {', '.join(wrong)}")
    options.output.write_text(text({name: int(number) for name, number in partitions.items()}), encoding="ascii")


if __name__ == "__main__":
    main()
