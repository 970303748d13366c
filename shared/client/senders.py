"""Two ways into a running installation: its broker, and HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from shared.client.remote import Remote
from shared.kernel.errors import ChuanError, DependencyDown, Reason, Refused
from shared.messaging.brokers import Broker, Fate, Message, connect
from shared.settings import Settings

_BATCH = "application/cloudevents-batch+json"
_ATTEMPTS = 5


class Rejection(msgspec.Struct, frozen=True):
    """What the installation says of one event of a batch; nothing of the batch is stored then."""

    index: int
    reason: Reason
    detail: str
    pointer: str = ""


class _Answer(msgspec.Struct, frozen=True):
    rejected: list[Rejection]


class Sender(Protocol):
    """Sends batches; when it returns, everything it does not name is stored and will not be lost."""

    def send(self, messages: Sequence[Message]) -> dict[int, Refused]:
        """Send all ``messages`` and return why some were refused, by their position."""

    def close(self) -> None:
        """Let go of the connection."""


def sender_to(url: str, settings: Settings) -> Sender:
    """Return the way to ``url``; without one, to the broker of the settings or, where that is embedded, to the public URL."""
    broker_url = settings.broker_url.get_secret_value()
    url = url or (broker_url if broker_url.startswith("amqp") else settings.public_url)
    if url.startswith(("amqp:", "amqps:")):
        return BrokerSender(connect(url), timeout=settings.confirm_timeout)
    if url.startswith(("http:", "https:")):
        return HttpSender(Remote(url))
    raise ChuanError(
        f"{url.partition(':')[0]}: is no way to publish; --url must begin with amqp://, amqps://, http:// or https://"
    )


class BrokerSender:
    """Publishes with confirms; what was not confirmed in time is sent again under the same id."""

    def __init__(self, broker: Broker, *, timeout: float) -> None:
        self._publisher = broker.publisher()
        self._timeout = timeout

    def send(self, messages: Sequence[Message]) -> dict[int, Refused]:
        for _ in range(_ATTEMPTS):
            fates = self._publisher.publish(messages, timeout=self._timeout)
            unheard = sorted({one.type for one, fate in zip(messages, fates, strict=True) if fate is Fate.RETURNED})
            if unheard:
                raise ChuanError(f"nobody listens to {', '.join(unheard)}; start the services once, so that their queues exist")
            messages = [one for one, fate in zip(messages, fates, strict=True) if fate is not Fate.CONFIRMED]
            if not messages:
                return {}
        raise DependencyDown(f"the broker did not take {len(messages)} events in {_ATTEMPTS} attempts")

    def close(self) -> None:
        self._publisher.close()


class HttpSender:
    """Posts batches, and a batch again without the events that were refused."""

    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def send(self, messages: Sequence[Message]) -> dict[int, Refused]:
        left, refused = list(range(len(messages))), dict[int, Refused]()
        while left:
            body = b"[" + b",".join(messages[index].body for index in left) + b"]"
            answer = self._remote.post("/v1/events", body, _BATCH)
            if answer.ok:
                break
            for one in _rejected(answer.content):
                refused[left[one.index]] = Refused(one.reason, one.detail, one.pointer)
            left = [index for index in left if index not in refused]
        return refused

    def close(self) -> None:
        self._remote.close()


def _rejected(answer: bytes) -> list[Rejection]:
    """Return the events that an answer names; raise ``ChuanError`` when it names none."""
    try:
        if found := msgspec.json.decode(answer, type=_Answer).rejected:
            return found
    except (msgspec.DecodeError, UnicodeError):
        pass
    raise ChuanError(f"the batch was refused: {answer[:500].decode(errors='replace')}")
