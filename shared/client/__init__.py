"""The library an internal system imports to publish its events.

    from shared.client import Client, event

    with Client("amqps://laboratory:…@broker.example/chuan") as client:
        client.publish([event("/laboratory/quatest-1", "LAB-2025-000123", SampleTested(…))])

When ``publish`` returns, every event is stored and will not be lost; publishing one again under its id changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self

from shared.client.senders import sender_to
from shared.contracts.codec import decode, encode
from shared.contracts.envelope import Data, Event
from shared.kernel.errors import Refused
from shared.messaging.brokers import Message
from shared.settings import Settings

_AT_ONCE = 500


def event(source: str, event_id: str, data: Data, *, time: datetime | None = None) -> Event[Any]:
    """Put ``data`` into its envelope. ``source`` and ``event_id`` together identify it for ever; ``time`` is now."""
    return Event(
        id=event_id,
        source=source,
        type=data.type,
        subject=data.order_key(),
        time=time or datetime.now(UTC),
        data=data,
        dataversion=data.version,
        correlationid=event_id,
    )


class Client:
    """A way into an installation: ``amqp(s)://`` its broker, or ``http(s)://`` its origin; a context manager.

    Over HTTP the bearer token, where one is needed, is in the environment as CHUAN_TOKEN.
    """

    def __init__(self, url: str) -> None:
        self._sender = sender_to(url, Settings())

    def publish(self, events: Sequence[Event[Any]]) -> None:
        """Publish all ``events``, in order.

        Raises ``Refused`` for the first event that is not valid, before anything is sent, and ``ChuanError`` when the
        installation cannot be reached: publish the same events again then.
        """
        messages = [Message(one.type, one.subject, encode(one)) for one in events]
        for message in messages:
            decode(message.body, edge=True)
        for start in range(0, len(messages), _AT_ONCE):
            refused = self._sender.send(messages[start : start + _AT_ONCE])
            for error in refused.values():
                raise error

    def close(self) -> None:
        """Let go of the connection."""
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


__all__ = ["Client", "Refused", "event"]
