"""Publishes with pipelined confirms: a whole batch is sent, then all its answers are awaited together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

import msgspec
from pika.channel import Channel
from pika.exceptions import AMQPError
from pika.frame import Method
from pika.spec import PERSISTENT_DELIVERY_MODE, Basic, BasicProperties

from shared.messaging import topology
from shared.messaging.brokers import Fate, Message, Rejected
from shared.messaging.brokers.rabbitmq.address import Address
from shared.messaging.brokers.rabbitmq.wire import Wire

_CONTENT_TYPE = "application/cloudevents+json"
# A returned message brings its headers back; this one tells which of the batch it was.
_POSITION = "chuan-position"
# Messages handed to the socket in one piece: the broker stores them while the next ones are being written.
_AT_ONCE = 100
# AMQP's short strings: names and routing keys.
_LONGEST_NAME = 255


class _Named(msgspec.Struct):
    id: str


_read_name = msgspec.json.Decoder(_Named).decode


class _Batch:
    """The messages of one ``publish`` call and the answers to them; the first one has the publish number ``first``."""

    def __init__(self, first: int, size: int) -> None:
        self.fates: list[Fate | None] = [None] * size
        self.complete = threading.Event()
        self._first = first
        self._left = size
        self._low = 0  # all before this position have been answered
        self._returned: set[int] = set()

    def note_return(self, position: int) -> None:
        """Remember that a message found no queue; its confirm follows."""
        self._returned.add(position)

    def note_answer(self, number: int, *, multiple: bool, fate: Fate) -> None:
        last = number - self._first
        for position in range(self._low if multiple else last, last + 1):
            if self.fates[position] is None:
                self.fates[position] = Fate.RETURNED if position in self._returned else fate
                self._left -= 1
        if multiple:
            self._low = last + 1
        if not self._left:
            self.complete.set()


class RabbitPublisher:
    """A publisher with a connection of its own; one thread at a time may use it.

    A batch that is not fully answered keeps the next one from being sent: whatever holds up the broker, the same events
    are never poured into it again and again.
    """

    def __init__(self, address: Address) -> None:
        self._batch = _Batch(1, 0)
        self._batch.complete.set()
        self._published = 0
        self._wire = Wire(address, "publisher", self._prepare, self._wake)

    @property
    def blocked(self) -> bool:
        return self._wire.blocked

    def publish(self, messages: Sequence[Message], *, timeout: float) -> list[Fate]:
        deadline = time.monotonic() + timeout
        self._wire.check()
        if not messages:
            return []
        for message in messages:
            if len(message.type) > _LONGEST_NAME:
                raise Rejected(f"a routing key has at most {_LONGEST_NAME} characters, this type has {len(message.type)}")
        if not self._batch.complete.wait(timeout):
            if not self._wire.blocked:
                self._wire.give_up("publishes stay without an answer")
            return [Fate.REFUSED] * len(messages)
        self._wire.check()
        batch = self._batch = _Batch(self._published + 1, len(messages))
        self._published += len(messages)
        self._wire.call(partial(self._send, messages))
        if self._wire.lost:  # lost since the check: nobody would set the flag any more
            batch.complete.set()
        batch.complete.wait(max(0.0, deadline - time.monotonic()))
        if self._wire.rejected:
            raise Rejected(self._wire.lost)
        fates = list(batch.fates)
        if not any(fates):
            self._wire.check()
        return [fate or Fate.UNKNOWN for fate in fates]

    def close(self) -> None:
        self._wire.close()

    def _wake(self) -> None:
        """End the wait for answers that will not come."""
        self._batch.complete.set()

    # --- in the wire's thread --------------------------------------------------------------------------------------------

    def _prepare(self, channel: Channel, ready: Callable[[], None]) -> None:
        self._channel = channel
        channel.add_on_return_callback(self._on_return)
        channel.confirm_delivery(self._on_answer, callback=lambda _frame: ready())

    def _send(self, messages: Sequence[Message], start: int = 0) -> None:
        end = min(start + _AT_ONCE, len(messages))
        try:
            with self._wire.sending_at_once():
                for position in range(start, end):
                    message = messages[position]
                    self._channel.basic_publish(
                        topology.EVENTS, message.type, message.body, _properties(message, position), mandatory=True
                    )
        except AMQPError as error:
            self._wire.give_up(f"{type(error).__name__} {error}")
            return
        if end < len(messages):
            self._wire.call(partial(self._send, messages, end))

    def _on_return(self, _channel: Channel, _method: Basic.Return, properties: BasicProperties, _body: bytes) -> None:
        self._batch.note_return(properties.headers[_POSITION])

    def _on_answer(self, frame: Method) -> None:
        answer = frame.method
        fate = Fate.CONFIRMED if isinstance(answer, Basic.Ack) else Fate.REFUSED
        self._batch.note_answer(answer.delivery_tag, multiple=answer.multiple, fate=fate)


def _properties(message: Message, position: int) -> BasicProperties:
    return BasicProperties(
        content_type=_CONTENT_TYPE,
        delivery_mode=PERSISTENT_DELIVERY_MODE,
        message_id=_event_id(message.body),
        type=message.type,
        headers={topology.SLOT: topology.slot_of(message.subject), _POSITION: position},
    )


def _event_id(body: bytes) -> str | None:
    """Return the event's id for those who look at the broker; no id where it has none that fits."""
    try:
        found = _read_name(body).id
    except msgspec.DecodeError:
        return None
    return found if len(found.encode()) <= _LONGEST_NAME else None
