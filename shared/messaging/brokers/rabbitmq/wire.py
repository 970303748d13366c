"""One connection to RabbitMQ with one channel, driven by a thread of its own.

The thread reads ahead while a batch is being committed, answers heartbeats while a handler or a dead database keeps
everyone else waiting, and is the only one that touches the socket: others hand it calls. Where the process is green the
thread is too. Measured under eventlet with 600-byte events, in processor time for each: reading 17 to 19 microseconds
(pika's BlockingConnection 19 to 25), publishing with pipelined confirms 16 (py-amqp 35 to 41). Reading ahead while each
batch of 500 waited 12 ms for its commit gave 16 to 37 thousand events a second, reading in between 5 to 8.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import pika
from pika.adapters.select_connection import IOLoop
from pika.channel import Channel
from pika.exceptions import ChannelClosedByBroker

from shared.kernel.errors import DependencyDown
from shared.messaging.brokers.rabbitmq.address import Address, advice
from shared.messaging.brokers.rabbitmq.deliveries import Found, split
from shared.observability import metrics

# Seconds of silence after which the broker ends a connection; pika takes up to three times as long to notice a half-open one.
_HEARTBEAT = 10
_CONNECT_SECONDS = 5
_OPEN_SECONDS = 15
_CLOSE_SECONDS = 5
_READ_AT_ONCE = 64 * 1024  # bytes; pika would ask the system for 4 KiB at a time
# A broker short of memory or disk stops reading from publishers. Reconnecting does not help and sends everything again,
# so the connection is kept for long.
_BLOCKED_SECONDS = 600

# CONTENT_TOO_LARGE, ACCESS_REFUSED, PRECONDITION_FAILED: something about one message.
_REJECTIONS = (311, 403, 406)

Prepare = Callable[[Channel, Callable[[], None]], None]


class _Connection(pika.SelectConnection):
    """Reads deliveries in bulk, sends what it is given in one piece, and can end without a farewell."""

    on_deliveries: Callable[[list[Found]], None] | None = None
    _held: list[bytes] | None = None

    def _proto_connection_made(self, transport: Any) -> None:
        transport._MAX_RECV_BYTES = _READ_AT_ONCE  # noqa: SLF001 - pika has no other way to say it
        super()._proto_connection_made(transport)

    def _on_data_available(self, data_in: bytes) -> None:
        if self.on_deliveries is None:
            super()._on_data_available(data_in)
            return
        self._frame_buffer += data_in
        while self._frame_buffer:
            found, length, more_to_come = split(self._frame_buffer)
            if found:
                self._trim_frame_buffer(length)
                self.frames_received += len(found)
                self.on_deliveries(found)
            elif more_to_come:
                return
            else:
                length, frame = self._read_frame()
                if frame is None:
                    return
                self._trim_frame_buffer(length)
                self._process_frame(frame)

    @contextmanager
    def sending_at_once(self) -> Iterator[None]:
        """Send what is written inside the block when it ends: one call of the system instead of three for each message."""
        held = self._held = []
        try:
            yield
        finally:
            self._held = None
            if held:
                self._adapter_emit_data(b"".join(held))

    def fall(self) -> None:
        """End the connection without a farewell."""
        if not self.is_closed:
            self._adapter_disconnect_stream()

    def _adapter_emit_data(self, data: bytes) -> None:
        if self._held is None:
            super()._adapter_emit_data(data)
        else:
            self._held.append(data)


class Wire:
    """An open connection; ``lost`` says why it can no longer be used, and is empty as long as it can.

    ``prepare`` gets the open channel, and calls what else it gets once the channel can be used. ``on_lost`` is called, in
    any thread, when the connection is lost or closed. ``on_deliveries`` gets what is delivered, many at a time; a delivery that
    only pika can read comes to the channel's consumer. Raises ``DependencyDown`` when the broker is away or refuses.
    """

    def __init__(
        self,
        address: Address,
        purpose: str,
        prepare: Prepare,
        on_lost: Callable[[], None],
        on_deliveries: Callable[[list[Found]], None] | None = None,
    ) -> None:
        self.lost = ""
        self.rejected = False  # it was lost because the broker ended the channel over what it was sent
        self.blocked = False
        self._parameters = address.for_pika()
        self._parameters.heartbeat = _HEARTBEAT
        self._parameters.socket_timeout = _CONNECT_SECONDS
        self._parameters.stack_timeout = 2 * _CONNECT_SECONDS
        self._parameters.connection_attempts = 1
        self._parameters.blocked_connection_timeout = _BLOCKED_SECONDS
        self._parameters.client_properties = {"connection_name": f"chuan {purpose}", "product": "chuan"}
        self._prepare = prepare
        self._on_lost = on_lost
        self._on_deliveries = on_deliveries
        self._loop = IOLoop()
        self._opened = threading.Event()
        self.ended = threading.Event()
        threading.Thread(target=self._run, name=f"wire {purpose}", daemon=True).start()
        if not self._opened.wait(_OPEN_SECONDS):
            self.give_up("no answer in time")
        self.check()

    def check(self) -> None:
        """Raise ``DependencyDown`` if the connection can no longer be used."""
        if self.lost:
            raise DependencyDown(f"broker {self._parameters.host}:{self._parameters.port}: {self.lost}")

    def call(self, task: Callable[[], None]) -> None:
        """Let the wire's thread run ``task``; after the connection is lost, nothing does."""
        self._loop.add_callback_threadsafe(task)

    def give_up(self, reason: str) -> None:
        """Stop using the connection, and close it in good order; does not wait."""
        self._note_loss(reason)
        self.call(self._hang_up)

    def close(self) -> None:
        """Do what was handed over before, then close in good order, and wait for that a few seconds."""
        self.give_up("closed")
        self.ended.wait(_CLOSE_SECONDS)

    def drop(self, after: Callable[[Callable[[], None]], None]) -> None:
        """Let the connection fall without a farewell, once ``after`` calls what it gets; ``ended`` is set then."""
        self._note_loss("closed")
        self.call(lambda: after(self._connection.fall))

    # --- in the wire's thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._connection = _Connection(
                self._parameters,
                on_open_callback=self._on_open,
                on_open_error_callback=self._on_end,
                on_close_callback=self._on_end,
                custom_ioloop=self._loop,
            )
            self._connection.on_deliveries = self._on_deliveries
            self._loop.start()
        except Exception as error:  # noqa: BLE001 - whatever ends this thread, those who wait for it must hear of it
            self._note_loss(_told(error))
        finally:
            self._loop.close()
            self.ended.set()

    def _on_open(self, connection: pika.SelectConnection) -> None:
        connection.add_on_connection_blocked_callback(partial(self._note_blocked, blocked=True))
        connection.add_on_connection_unblocked_callback(partial(self._note_blocked, blocked=False))
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._on_channel_end)
        channel.add_on_cancel_callback(lambda _frame: self.give_up("the queue was deleted or moved"))
        self._prepare(channel, self._opened.set)

    def _on_channel_end(self, _channel: Channel, error: Exception) -> None:
        if isinstance(error, ChannelClosedByBroker) and error.reply_code in _REJECTIONS and not self.lost:
            self.rejected = True
        self.give_up(_told(error))

    def _on_end(self, _connection: pika.SelectConnection, error: Exception) -> None:
        self._note_blocked(_connection, error, blocked=False)
        self._note_loss(_told(error))
        self._loop.stop()

    def _note_blocked(self, _connection: pika.SelectConnection, _frame: object, *, blocked: bool) -> None:
        if blocked is not self.blocked:
            metrics.BROKER_BLOCKED.inc(1 if blocked else -1)
        self.blocked = blocked

    def sending_at_once(self) -> AbstractContextManager[None]:
        """Hold back what is written inside the block, and send it in one piece; only in the wire's thread."""
        return self._connection.sending_at_once()

    def _hang_up(self) -> None:
        if not (self._connection.is_closing or self._connection.is_closed):
            self._connection.close()

    def _note_loss(self, reason: str) -> None:
        if not self.lost:
            self.lost = reason
        self._opened.set()
        self._on_lost()


def _told(error: BaseException) -> str:
    """Return what happened at bottom: pika wraps what fails while it connects, in several ways."""
    wrapped = [getattr(error, "exception", None), *getattr(error, "exceptions", ()), *error.args]
    inner = [one for one in wrapped if isinstance(one, BaseException)]
    return _told(inner[-1]) if inner else f"{type(error).__name__} {error}{advice(error)}".strip()
