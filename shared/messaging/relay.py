"""Outbox to broker: pipelined confirms, in order of writing, by a ``published_at`` mark and never by "after the last id".

Sequence numbers are given before commit, so a later number may be visible first; a mark on each row cannot skip one.

What the broker rejects (no permission for the type, too large) ends the channel and with it the whole batch. Then each event is
sent alone: the one at fault waits longer each time, holds back only its own subject, and is at last put into the quarantine for
a person. While nothing at all gets through it is not put aside, for then the fault is not its own.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
import structlog

from shared.database.arrays import listing, one_of
from shared.kernel.errors import DependencyDown, Reason, Refused
from shared.messaging import quarantine, retry
from shared.messaging.brokers import Fate, Message, Publisher, Rejected
from shared.messaging.tables import REJECTED, outbox
from shared.messaging.topology import EVENTS
from shared.observability import metrics, tracing
from shared.room import Room

log = structlog.get_logger()

_RETURNED_PAUSE = timedelta(seconds=30)
# Each costs a connection: so many in a row, then others have their turn.
_REJECTED_AT_ONCE = 20
# Batches sent together: while the broker confirms the last of them nothing else moves. Two were a quarter faster than one.
_BATCHES_AT_ONCE = 2

_SENT = (outbox.c.seq, outbox.c.type, outbox.c.subject, outbox.c.body, outbox.c.rejections, outbox.c.due_at)
_other = outbox.alias("other")
_OTHER_REJECTED = sa.and_(_other.c.published_at.is_(None), _other.c.rejections > sa.literal_column("0"))

# Built once: to build and to recognise them would take longer than the database takes to answer.
_FREE = outbox.c.subject.not_in(sa.select(_other.c.subject).where(_OTHER_REJECTED))
_NOT_RETURNED_LATELY = sa.or_(outbox.c.returned_at.is_(None), outbox.c.returned_at < sa.bindparam("lately"))
_FRESH = sa.and_(outbox.c.published_at.is_(None), outbox.c.rejections == 0, _NOT_RETURNED_LATELY, _FREE)
_PENDING = sa.select(*_SENT).where(_FRESH).order_by(outbox.c.seq).limit(sa.bindparam("limit"))
_REJECTED_AND_DUE = (
    sa.select(*_SENT).where(REJECTED, outbox.c.due_at <= sa.bindparam("now")).order_by(outbox.c.seq).limit(_REJECTED_AT_ONCE)
)

_Row = sa.Row[*tuple[Any, ...]]

_SENDING = {
    "messaging.system": "rabbitmq",
    "messaging.operation.type": "send",
    "messaging.operation.name": "publish",
    "messaging.destination.name": EVENTS,
}


class _Traced(msgspec.Struct):
    traceparent: str = ""


_read_trace = msgspec.json.Decoder(_Traced).decode


class Relay:
    """Publishes what one service has stored."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._publisher: Publisher | None = None
        self._at_once = _BATCHES_AT_ONCE * room.settings.batch_size
        is_mine = one_of(outbox.c.seq, "numbers", is_sqlite=room.database.is_sqlite)
        self._marks = {
            fate: outbox.update().where(is_mine).values({column: sa.bindparam("now")})
            for fate, column in ((Fate.CONFIRMED, outbox.c.published_at), (Fate.RETURNED, outbox.c.returned_at))
        }
        self._careful = False
        self._confirmed_at: datetime | None = None
        for fate in Fate:
            # A series that appears with its first fault has not increased, and no alert would see that one.
            metrics.OUTBOX_PUBLISHED.labels(room.name, fate)

    def publish_stored(self) -> bool:
        """Publish one batch, and tell whether there may be more to do at once.

        Raises ``DependencyDown`` when broker or database is away; what was not marked is sent again under the same ids.
        """
        if rejected := self._rejected_and_due():
            self._publish_alone(rejected)
        rows = self._pending()
        if not rows:
            return False
        whole = len(rows) == self._at_once
        if self._careful:
            rows = _first_of_each_subject(rows)
        try:
            fates = self._send(rows)
        except Rejected:
            fates = self._publish_alone(rows)
        else:
            self._mark(rows, fates)
        # A queue that is full may have room for the next message and not for this one: until all are taken again, nothing
        # is sent of a subject while an earlier event of it is not confirmed.
        more = whole or (self._careful and Fate.REFUSED not in fates)
        self._careful = Fate.REFUSED in fates
        # Of a short batch nothing is left; what is committed from now on wakes the relay again.
        return more and Fate.CONFIRMED in fates

    @property
    def blocked(self) -> bool:
        """Whether the broker takes nothing from publishers, for it is short of memory or disk."""
        return self._publisher is not None and self._publisher.blocked

    def close(self) -> None:
        """Let go of the connection; the next batch opens another."""
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None

    def _send(self, rows: Sequence[_Row]) -> list[Fate]:
        if self._publisher is None:
            self._publisher = self._room.broker.publisher()
        began = time.perf_counter()
        messages = [Message(row.type, row.subject, row.body.encode()) for row in rows]
        try:
            with tracing.batch(f"send {EVENTS}", "producer", (_read_trace(row.body).traceparent for row in rows), _SENDING):
                fates = self._publisher.publish(messages, timeout=self._room.settings.confirm_timeout)
        except (DependencyDown, Rejected):
            self.close()
            raise
        finally:
            metrics.PUBLISHER_PAUSED.labels(self._room.name).set(self.blocked)
        metrics.OUTBOX_CONFIRM_SECONDS.labels(self._room.name).observe(time.perf_counter() - began)
        return fates

    def _publish_alone(self, rows: Sequence[_Row]) -> list[Fate]:
        """Publish one event after the other, and of each subject only until one is not taken; return the fate of each."""
        fates: list[Fate] = []
        held: set[str] = set()
        reasons: dict[int, Rejected] = {}
        try:
            for row in rows:
                fate = Fate.REFUSED
                if row.subject not in held:
                    try:
                        [fate] = self._send([row])
                    except Rejected as error:
                        fate, reasons[row.seq] = Fate.REJECTED, error
                if fate not in (Fate.CONFIRMED, Fate.RETURNED):
                    held.add(row.subject)
                fates.append(fate)
        finally:
            done = rows[: len(fates)]
            self._mark(done, fates)
            for row in done:
                if row.seq in reasons:
                    self._note_rejection(row, reasons[row.seq])
        return fates

    def _note_rejection(self, row: _Row, error: Rejected) -> None:
        now, rejections = self._room.wall(), row.rejections + 1
        mine = outbox.c.seq == row.seq
        put_aside = rejections >= self._room.settings.max_attempts and self._others_pass(row)
        with self._room.transaction() as uow:
            if put_aside:
                told = Refused(Reason.NOT_DELIVERED, f"the broker rejected it {rejections} times: {error}")
                item = quarantine.Item(row.body.encode(), f"outbox of {self._room.name}", told)
                quarantine.store(uow.connection, self._room.name, [item], now)
                uow.connection.execute(outbox.delete().where(mine))
            else:
                again = {"rejections": rejections, "due_at": now + retry.delay_after(rejections)}
                uow.connection.execute(outbox.update().where(mine).values(again))
        log.warning(
            "outbox_rejected",
            service=self._room.name,
            type=row.type,
            subject=row.subject,
            rejections=rejections,
            put_aside=put_aside,
            error=str(error),
        )

    def _others_pass(self, row: _Row) -> bool:
        """Tell whether something got through since the row was tried before: then it is not the broker that is at fault."""
        tried_at = row.due_at and row.due_at - retry.delay_after(row.rejections)
        return self._confirmed_at is not None and (tried_at is None or self._confirmed_at >= tried_at)

    def _pending(self) -> Sequence[_Row]:
        """Return what has never been rejected, and is not behind something that was."""
        lately = self._room.wall() - _RETURNED_PAUSE
        return self._room.database.ask(_PENDING, {"lately": lately, "limit": self._at_once})

    def _rejected_and_due(self) -> Sequence[_Row]:
        return self._room.database.ask(_REJECTED_AND_DUE, {"now": self._room.wall()})

    def _mark(self, rows: Sequence[_Row], fates: Sequence[Fate]) -> None:
        now = self._room.wall()
        # A lost mark means that the event is sent once more under its id, which every inbox knows.
        with self._room.database.noting() as connection:
            for fate, mark in self._marks.items():
                numbers = [row.seq for row, found in zip(rows, fates, strict=True) if found is fate]
                if numbers:
                    listed = listing(numbers, is_sqlite=self._room.database.is_sqlite)
                    connection.execute(mark, {"numbers": listed, "now": now})
        if Fate.CONFIRMED in fates:
            self._confirmed_at = now
        counts = Counter(fates)
        for fate, number in counts.items():
            metrics.OUTBOX_PUBLISHED.labels(self._room.name, fate).inc(number)
        if counts.keys() - {Fate.CONFIRMED}:
            types = sorted({row.type for row, fate in zip(rows, fates, strict=True) if fate is not Fate.CONFIRMED})
            log.warning("outbox_not_confirmed", service=self._room.name, fates=dict(counts), types=types)


def pending(connection: sa.Connection) -> tuple[int, datetime | None]:
    """Return how many stored events are not confirmed yet, and when the oldest of them was stored."""
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.min(outbox.c.created_at)).where(outbox.c.published_at.is_(None))
    ).one()
    return int(row[0]), row[1]


def _first_of_each_subject(rows: Sequence[_Row]) -> list[_Row]:
    first: dict[str, _Row] = {}
    for row in rows:
        first.setdefault(row.subject, row)
    return list(first.values())
