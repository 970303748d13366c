"""What queues really are, asked of RabbitMQ's management interface.

A user without the permission to declare hears over AMQP only that a queue exists. One of another type, or without its
dead-letter exchange, would lose events in silence.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import structlog

from shared.kernel.errors import ChuanError, DependencyDown
from shared.kernel.hosts import is_loopback
from shared.messaging import topology

log = structlog.get_logger()

_ANSWER_SECONDS = 5


class Management:
    """The interface at ``url``: ``https://user:password@host:port``, or ``http://`` on this machine.

    Any other raises ``ChuanError``.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
            raise ChuanError("CHUAN_BROKER_MANAGEMENT_URL must begin with https://, or with http:// on this machine")
        self._url = url.rstrip("/")

    def check(self, vhost: str, queues: Collection[str]) -> None:
        """Raise ``DependencyDown`` when a queue is not what the kit relies on; do without the check when nobody answers."""
        for name in queues:
            found = self._ask(f"queues/{quote(vhost, safe='')}/{quote(name, safe='')}")
            if found is None:
                log.warning("queue_not_checked", queue=name, reason="the management interface gave no answer")
                continue
            if differing := _differing(found):
                raise DependencyDown(
                    f"queue {name} is not what is relied on: {'; '.join(differing)}. Empty it, delete it, "
                    "and load the definitions of this version (deploy/rabbitmq)"
                )

    def _ask(self, path: str) -> dict[str, Any] | None:
        try:
            answer = requests.get(f"{self._url}/api/{path}", timeout=_ANSWER_SECONDS, allow_redirects=False)
            return answer.json() if answer.ok else None
        except (requests.RequestException, ValueError):
            return None


def _differing(queue: dict[str, Any]) -> list[str]:
    policy = queue.get("effective_policy_definition") or {}
    actual = {
        **{f"x-{name}": value for name, value in policy.items()},
        **queue.get("arguments", {}),
        "x-queue-type": queue["type"],
    }
    return [
        f"{name.removeprefix('x-')} is {actual.get(name)!r}, not {wanted!r}"
        for name, wanted in topology.SERVICE_QUEUE.items()
        if actual.get(name) != wanted
    ]
