"""Writes ``definitions.json`` from the topology, the contracts and the subscriptions: ``python -m deploy.rabbitmq.build``.

Users come from the secrets of an installation and are loaded before it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
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
# Who publishes for others: systems of partners, which send only what is theirs.
PARTNER, OPERATOR = "partner", "operator"


def document() -> dict[str, Any]:
    """Return the definitions as RabbitMQ loads them."""
    return {
        "vhosts": [{"name": VHOST, "default_queue_type": "quorum"}],
        "permissions": [_permission(user, write, read) for user, write, read in _users()],
        "topic_permissions": [_topics(user, publishers) for user, publishers in _publishers().items()],
        "exchanges": [_exchange(name, kind, arguments) for name, (kind, arguments) in topology.EXCHANGES.items()],
        "queues": [
            *(_queue(name, topology.SERVICE_QUEUE) for name in SERVICES),
            *(_queue(name, topology.DEAD_QUEUE) for name in (topology.DEAD, topology.UNROUTABLE)),
        ],
        "bindings": [
            *(_binding(topology.EVENTS, name, one) for name, service in SERVICES.items() for one in subscribed_types(service)),
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
    return [*services, (PARTNER, events, _NOTHING), (OPERATOR, _NOTHING, aside)]


def _publishers() -> dict[str, list[str]]:
    """Return whose events each user may publish: a service its own and, for its HTTP takes them in, those of partners."""
    partners = sorted({contract.publisher for contract in contracts().values()} - SERVICES.keys())
    return {**{name: [name, *partners] for name in SERVICES}, PARTNER: partners}


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


def _binding(source: str, queue: str, key: str) -> dict[str, Any]:
    target = {"destination": queue, "destination_type": "queue"}
    return {"source": source, "vhost": VHOST, **target, "routing_key": key, "arguments": {}}


def text() -> str:
    """Return the file's content."""
    return json.dumps(document(), indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="ascii")
