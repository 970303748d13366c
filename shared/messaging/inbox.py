"""Once-only effects from at-least-once deliveries.

A batch is one transaction: its events are inserted into the inbox, those that are new run through the handlers, what
they emit goes to the outbox, and all is committed before the broker is told. When anything fails the transaction is
rolled back and each event is tried alone; one that fails alone becomes a ``retry`` row with its body and its error,
and holds back the later events of its subject.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from shared.contracts.codec import decode, read
from shared.contracts.envelope import Event
from shared.database.upsert import insert_new
from shared.kernel.errors import DependencyDown, Permanent, Reason, Refused
from shared.kernel.ids import fingerprint
from shared.messaging import quarantine, retry
from shared.messaging.breaker import Breaker
from shared.messaging.brokers import Delivery
from shared.messaging.failure import describe, handler_of
from shared.messaging.tables import WAITING_FOR_RETRY, inbox
from shared.observability import metrics
from shared.room import Room

log = structlog.get_logger()

Handle = Callable[[Sequence[Event[Any]], Any], None]

_SOME_WAIT = sa.select(sa.exists().where(WAITING_FOR_RETRY))


class Inbox:
    """Takes deliveries in for one service; ``handle`` runs its handlers inside the given unit of work."""

    def __init__(self, room: Room, handle: Handle) -> None:
        self._room = room
        self._handle = handle
        self._breaker = Breaker()
        for reason in Reason:
            # A series that appears with its first fault has not increased, and no alert would see that one.
            metrics.REFUSED.labels(room.name, str(reason))

    def process(self, deliveries: Sequence[Delivery]) -> None:
        """Store the outcome of every delivery: when this returns, all of them may be acknowledged.

        Raises ``DependencyDown`` when the database is away; then nothing is stored and no attempt is spent.
        """
        began = time.perf_counter()
        received = self._read(deliveries)
        try:
            self._together(received)
        except DependencyDown:
            raise
        except Exception:  # noqa: BLE001 - one bad event must not take the others with it; alone, it is recorded with its error
            for one in received:
                self._alone(one)
        service = self._room.name
        metrics.BATCH_SECONDS.labels(service).observe(time.perf_counter() - began)
        metrics.BATCH_EVENTS.labels(service).observe(len(deliveries))
        metrics.LAST_EVENT.labels(service).set_to_current_time()

    def retry_due(self, limit: int = 100) -> int:
        """Try again the events whose time has come, each subject's in their order; return how many were tried.

        Raises ``DependencyDown``; then no attempt is spent.
        """
        tried = 0
        while rows := retry.due(self._room, limit - tried):
            before = tried
            for row in rows:
                # One at a time: a process that dies over one must not charge the others with it.
                if retry.claim(self._room, row):
                    self._try_again(row)
                    tried += 1
            if tried == before:
                break  # another copy was quicker
        return tried

    # -----------------------------------------------------------------------------------------------------------------

    def _read(self, deliveries: Sequence[Delivery]) -> list[_Received]:
        received: list[_Received] = []
        refused: list[quarantine.Item] = []
        for delivery in deliveries:
            try:
                received.append(_Received(delivery.body))
            except Refused as error:
                refused.append(quarantine.Item(delivery.body, f"queue {self._room.name}", error))
        if refused:
            with self._room.transaction() as uow:
                quarantine.store(uow.connection, self._room.name, refused, self._room.wall())
        return received

    def _together(self, received: Sequence[_Received]) -> None:
        if not received:
            return
        with self._room.transaction() as uow:
            new = [one.event for one in self._accept(uow.connection, received)]
            if new:
                self._handle(new, uow)
        self._breaker.succeeded(len(new))
        self._count(new, "ok")

    def _alone(self, one: _Received) -> None:
        try:
            self._together([one])
        except DependencyDown:
            raise
        except Exception as error:  # noqa: BLE001 - any fault of a handler is stored with the event
            self._breaker.failed(error)
            self._record_failure(one, error)

    def _accept(self, connection: sa.Connection, received: Sequence[_Received]) -> list[_Received]:
        """Insert the events into the inbox and return the new ones that may be handled now, in order of arrival."""
        now = self._room.wall()
        first: dict[str, _Received] = {}
        for one in received:
            first.setdefault(one.key, one)
        inserted = {
            row["key"]
            for row in insert_new(
                connection,
                inbox,
                [{"key": key, "state": "done", "fingerprint": one.fingerprint, "received_at": now} for key, one in first.items()],
            )
        }
        if len(inserted) < len(received):
            self._note_duplicates(connection, [one for one in received if one.key not in inserted or first[one.key] is not one])
        new = [one for one in first.values() if one.key in inserted]
        blocked = self._blocked_subjects(connection, new)
        if not blocked:
            return new
        self._hold_back(connection, [one for one in new if one.event.subject in blocked], blocked)
        return [one for one in new if one.event.subject not in blocked]

    def _note_duplicates(self, connection: sa.Connection, repeated: Sequence[_Received]) -> None:
        """Count repeated events; one whose content differs from the first is kept in quarantine for a person to see."""
        keys = [one.key for one in repeated]
        known = {
            row.key: row.fingerprint
            for row in connection.execute(sa.select(inbox.c.key, inbox.c.fingerprint).where(inbox.c.key.in_(keys)))
        }
        differing = [
            quarantine.Item(
                one.body,
                f"queue {self._room.name}",
                Refused(
                    Reason.SAME_ID_OTHER_CONTENT, f"event {one.event.id} of {one.event.source} came before with other content"
                ),
            )
            for one in repeated
            if known.get(one.key, one.fingerprint) != one.fingerprint
        ]
        quarantine.store(connection, self._room.name, differing, self._room.wall())
        self._count([one.event for one in repeated], "duplicate")

    def _blocked_subjects(self, connection: sa.Connection, new: Sequence[_Received]) -> dict[str, tuple[datetime, int]]:
        """Return which subjects have events that wait, with the due time and the position of the last."""
        if not connection.scalar(_SOME_WAIT):
            return {}
        subjects = {one.event.subject for one in new}
        last = (sa.func.max(inbox.c.due_at), sa.func.max(inbox.c.position))
        waiting = sa.select(inbox.c.subject, *last).where(WAITING_FOR_RETRY)
        rows = connection.execute(waiting.where(inbox.c.subject.in_(subjects)).group_by(inbox.c.subject))
        return {subject: (due, position) for subject, due, position in rows}

    def _hold_back(self, connection: sa.Connection, held: Iterable[_Received], blocked: dict[str, tuple[datetime, int]]) -> None:
        for behind, one in enumerate(held, 1):
            due, last = blocked[one.event.subject]
            connection.execute(
                inbox.update()
                .where(inbox.c.key == one.key)
                .values(
                    state="retry",
                    # Behind those that wait, even if the clock of the machine that put them there is ahead of this one.
                    position=max(time.time_ns(), last + behind),
                    type=one.event.type,
                    subject=one.event.subject,
                    body=one.body.decode(),
                    attempts=0,
                    due_at=due,
                    error="waits for an earlier event of its subject",
                )
            )

    def _record_failure(self, one: _Received, error: Exception) -> None:
        state, due = self._verdict(1, error)
        values = {
            "state": state,
            "position": time.time_ns(),
            "type": one.event.type,
            "subject": one.event.subject,
            "body": one.body.decode(),
            "attempts": 1,
            "due_at": due,
            "error": describe(error),
            "handler": handler_of(error),
        }
        with self._room.transaction() as uow:
            row = {"key": one.key, "state": "done", "fingerprint": one.fingerprint, "received_at": self._room.wall()}
            if insert_new(uow.connection, inbox, [row]):
                uow.connection.execute(inbox.update().where(inbox.c.key == one.key).values(**values))
        self._report(one.event.type, one.event, state, 1, error)

    def _try_again(self, row: sa.Row[Any]) -> None:
        attempts, mine = row.attempts + 1, retry.claimed(row)
        event: Event[Any] | None = None
        try:
            event = decode(row.body.encode())
            with self._room.transaction() as uow:
                settled = {"state": "done", "body": None, "error": None, "handler": None, "due_at": None, "position": None}
                if not uow.connection.execute(inbox.update().where(mine).values(**settled)).rowcount:
                    return  # the lease was lost: another copy has it
                self._handle([event], uow)
                # Those that only waited for this one may go on.
                held = sa.and_(WAITING_FOR_RETRY, inbox.c.subject == row.subject, inbox.c.attempts == 0)
                uow.connection.execute(inbox.update().where(held).values(due_at=self._room.wall()))
        except DependencyDown:
            retry.give_back(self._room, row)
            raise
        except Exception as error:  # noqa: BLE001 - any fault of a handler is stored with the event
            state, due = self._verdict(attempts, error)
            with self._room.transaction() as uow:
                failed = {"state": state, "due_at": due, "error": describe(error), "handler": handler_of(error)}
                uow.connection.execute(inbox.update().where(mine).values(**failed))
            self._report(row.type, event, state, attempts, error)
            return
        self._count([event], "ok")

    def _verdict(self, attempts: int, error: Exception) -> tuple[str, datetime | None]:
        if isinstance(error, Permanent | Refused) or attempts >= self._room.settings.max_attempts:
            return "dead", None
        return "retry", self._room.wall() + retry.delay_after(attempts)

    def _report(self, event_type: str, event: Event[Any] | None, state: str, attempts: int, error: Exception) -> None:
        metrics.HANDLED.labels(self._room.name, event_type, state).inc()
        log.warning(
            "event_failed",
            service=self._room.name,
            type=event_type,
            id=event.id if event else None,
            correlation_id=event.correlationid if event else None,
            state=state,
            attempts=attempts,
            error=describe(error),
            exc_info=error if attempts == 1 or state == "dead" else None,
        )

    def _count(self, events: Sequence[Event[Any]], outcome: str) -> None:
        service, now = self._room.name, self._room.wall()
        for event_type, number in Counter(event.type for event in events).items():
            metrics.HANDLED.labels(service, event_type, outcome).inc(number)
        if events and outcome == "ok":
            # One observation a batch: the oldest event is the one whose age matters.
            oldest = min(event.time for event in events)
            metrics.EVENT_AGE.labels(service).observe(max(0.0, (now - oldest).total_seconds()))


class _Received:
    """One delivery, read, with what the inbox needs of it. Raises ``Refused`` when it cannot be read."""

    __slots__ = ("body", "event", "fingerprint", "key")

    def __init__(self, body: bytes) -> None:
        self.event, data = read(body)
        self.body = body
        self.key = self.event.key
        self.fingerprint = fingerprint(data)
