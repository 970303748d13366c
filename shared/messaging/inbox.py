"""Once-only effects from at-least-once deliveries.

A batch is one transaction: its events are inserted into the inbox, those that are new run through the handlers, what
they emit goes to the outbox, and all is committed before the broker is told. When anything fails the transaction is
rolled back and each event is tried alone; one that fails alone becomes a ``retry`` row with its body and its error,
and holds back the later events of its subject.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import sqlalchemy as sa
import structlog

from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from shared.database.upsert import insert_new
from shared.kernel.errors import DependencyDown, Permanent, Reason, Refused
from shared.messaging import quarantine, retry
from shared.messaging.breaker import Breaker
from shared.messaging.brokers import Delivery
from shared.messaging.failure import describe, handler_of
from shared.messaging.received import Received
from shared.messaging.tables import WAITING_FOR_RETRY, inbox
from shared.messaging.tally import Tally
from shared.messaging.underway import Underway
from shared.observability import metrics, tracing
from shared.room import Room

log = structlog.get_logger()

Handle = Callable[[Sequence[Event[Any]], Any], None]

_PROCESSING = {
    "messaging.system": "rabbitmq",
    "messaging.operation.type": "process",
    "messaging.operation.name": "process",
}
_SOME_WAIT = sa.select(sa.exists().where(WAITING_FOR_RETRY))


class Inbox:
    """Takes deliveries in for one service; ``handle`` runs its handlers inside the given unit of work."""

    def __init__(self, room: Room, handle: Handle) -> None:
        self._room = room
        self._handle = handle
        self._breaker = Breaker(room)
        self._underway = Underway(room)
        self._tally = Tally(room)

    def process(self, deliveries: Sequence[Delivery]) -> None:
        """Store the outcome of every delivery: when this returns, all of them may be acknowledged.

        Raises ``DependencyDown`` when the database is away; then nothing is stored and no attempt is spent.
        """
        began = time.perf_counter()
        service = self._room.name
        received = self._without_suspects(self._read(deliveries))
        metrics.IN_FLIGHT.labels(service).set(len(received))
        try:
            with self._underway.noted([one.key for one in received]):
                if self._breaker.is_open():
                    self._probe(received)
                else:
                    self._take(received)
        finally:
            metrics.IN_FLIGHT.labels(service).set(0)
        metrics.BATCH_SECONDS.labels(service).observe(time.perf_counter() - began)
        metrics.BATCH_EVENTS.labels(service).observe(len(deliveries))
        metrics.LAST_EVENT.labels(service).set_to_current_time()

    def retry_due(self, limit: int = 100) -> int:
        """Try again the events whose time has come, each subject's in their order; return how many were tried.

        Raises ``DependencyDown``; then no attempt is spent.
        """
        tried = 0
        probing = self._breaker.is_open()
        while rows := retry.due(self._room, limit - tried):
            before, succeeded = tried, 0
            for row in rows:
                # One at a time: a process that dies over one must not charge the others with it.
                if retry.claim(self._room, row):
                    succeeded += self._try_again(row, probing=probing)
                    tried += 1
            if probing:
                self._breaker.judge(succeeded, tried - before - succeeded)
                break
            if tried == before:
                break  # another copy was quicker
        return tried

    # -----------------------------------------------------------------------------------------------------------------

    def _read(self, deliveries: Sequence[Delivery]) -> list[Received]:
        received: list[Received] = []
        refused: list[quarantine.Item] = []
        arrived = self._room.wall()
        for delivery in deliveries:
            content = delivery.taken_in(arrived)
            if isinstance(content, Received):
                received.append(content)
            else:
                refused.append(quarantine.Item(delivery.body, f"queue {self._room.name}", content))
        if refused:
            with self._room.transaction() as uow:
                quarantine.store(uow.connection, self._room.name, refused, self._room.wall())
        return received

    def _without_suspects(self, received: list[Received]) -> list[Received]:
        """Take alone what was being handled when a process died, and return the others.

        As rows that wait for another attempt, because those are claimed and counted before they are handled: what kills its
        process every time comes to an end. Innocent ones succeed at once.
        """
        suspects = {one.key: one for one in received if one.key in self._underway.suspects()}
        if not suspects:
            return received
        now, position = self._room.wall(), time.time_ns()
        error = "a process died while it handled this event, alone or among others"
        rows = [{**one.row(now), **one.waiting(position + place, now, error)} for place, one in enumerate(suspects.values())]
        with self._room.transaction() as uow:
            set_aside = {row["key"] for row in insert_new(uow.connection, inbox, rows)}
        self._underway.cleared(suspects)
        if set_aside:
            log.warning("suspects_taken_alone", service=self._room.name, events=len(set_aside))
            self.retry_due(len(set_aside))
        return [one for one in received if one.key not in set_aside]

    def _take(self, received: Sequence[Received]) -> None:
        try:
            self._together(received)
        except DependencyDown:
            raise
        except Exception:  # noqa: BLE001 - one bad event must not take the others with it; alone, it is recorded with its error
            for one in received:
                self._alone(one)

    def _probe(self, received: Sequence[Received]) -> None:
        """Try each event while the breaker is open: what succeeds is done, what fails waits in the queue as if never taken."""
        succeeded, failed, left = 0, 0, list[Received]()
        waiting: set[str] = set()
        error: Exception | None = None
        for one in received:
            if one.event.subject in waiting:
                left.append(one)
                continue
            try:
                succeeded += self._together([one])
            except DependencyDown:
                raise
            except Exception as fault:  # noqa: BLE001 - any fault of a handler; it is recorded once the breaker has closed
                waiting.add(one.event.subject)
                left.append(one)
                failed, error = failed + 1, fault
        self._breaker.judge(succeeded, failed, error)
        for one in left:
            self._alone(one)

    def _together(self, received: Sequence[Received]) -> int:
        """Handle events in one transaction, and return how many were new."""
        if not received:
            return 0
        with self._traced([one.event for one in received]), self._room.transaction() as uow:
            new = [one.event for one in self._accept(uow.connection, received)]
            if new:
                self._handle(new, uow)
        self._breaker.succeeded(len(new))
        self._tally.handled(new, "ok")
        return len(new)

    def _alone(self, one: Received) -> None:
        try:
            self._together([one])
        except DependencyDown:
            raise
        except Exception as error:  # noqa: BLE001 - any fault of a handler is stored with the event
            self._breaker.failed(error)
            self._record_failure(one, error)

    def _accept(self, connection: sa.Connection, received: Sequence[Received]) -> list[Received]:
        """Insert the events into the inbox and return the new ones that may be handled now, in order of arrival."""
        now = self._room.wall()
        first: dict[str, Received] = {}
        for one in received:
            first.setdefault(one.key, one)
        inserted = {
            row["key"]
            for row in insert_new(
                connection,
                inbox,
                [one.row(now) for one in first.values()],
            )
        }
        if len(inserted) < len(received):
            self._note_duplicates(connection, [one for one in received if one.key not in inserted or first[one.key] is not one])
        new = [one for one in first.values() if one.key in inserted]
        blocked = self._blocked_subjects(connection, new)
        if not blocked:
            return new
        held = [one for one in new if one.event.subject in blocked]
        self._hold_back(connection, held, blocked)
        self._tally.handled([one.event for one in held], "held")
        return [one for one in new if one.event.subject not in blocked]

    def _note_duplicates(self, connection: sa.Connection, repeated: Sequence[Received]) -> None:
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
        self._tally.handled([one.event for one in repeated], "duplicate")

    def _blocked_subjects(self, connection: sa.Connection, new: Sequence[Received]) -> dict[str, tuple[datetime, int]]:
        """Return which subjects have events that wait, with the due time and the position of the last."""
        if not connection.scalar(_SOME_WAIT):
            return {}
        subjects = {one.event.subject for one in new}
        last = (sa.func.max(inbox.c.due_at), sa.func.max(inbox.c.position))
        waiting = sa.select(inbox.c.subject, *last).where(WAITING_FOR_RETRY)
        rows = connection.execute(waiting.where(inbox.c.subject.in_(subjects)).group_by(inbox.c.subject))
        return {subject: (due, position) for subject, due, position in rows}

    def _hold_back(self, connection: sa.Connection, held: Iterable[Received], blocked: dict[str, tuple[datetime, int]]) -> None:
        error = "waits for an earlier event of its subject"
        for behind, one in enumerate(held, 1):
            due, last = blocked[one.event.subject]
            # Behind those that wait, even if the clock of the machine that put them there is ahead of this one.
            waiting = one.waiting(max(time.time_ns(), last + behind), due, error)
            connection.execute(inbox.update().where(inbox.c.key == one.key).values(**waiting))

    def _record_failure(self, one: Received, error: Exception) -> None:
        state, due = self._verdict(1, error)
        failed = {"state": state, "attempts": 1, "handler": handler_of(error)}
        values = {**one.waiting(time.time_ns(), due, describe(error)), **failed}
        with self._room.transaction() as uow:
            if insert_new(uow.connection, inbox, [one.row(self._room.wall())]):
                uow.connection.execute(inbox.update().where(inbox.c.key == one.key).values(**values))
        self._tally.failed(one.event.type, one.event, state, 1, error)

    def _try_again(self, row: sa.Row[Any], *, probing: bool = False) -> bool:
        """Handle a claimed event, and tell whether it succeeded; while ``probing`` a failure costs it nothing."""
        attempts, mine = row.attempts + 1, retry.claimed(row)
        event: Event[Any] | None = None
        try:
            event = decode(row.body.encode())
            with self._traced([event]), self._room.transaction() as uow:
                settled = {"state": "done", "body": None, "error": None, "handler": None, "due_at": None, "position": None}
                if not uow.connection.execute(inbox.update().where(mine).values(**settled)).rowcount:
                    metrics.LEASES_LOST.labels(self._room.name).inc()
                    return True  # another copy has it
                self._handle([event], uow)
                # Those that only waited for this one may go on.
                held = sa.and_(WAITING_FOR_RETRY, inbox.c.subject == row.subject, inbox.c.attempts == 0)
                uow.connection.execute(inbox.update().where(held).values(due_at=self._room.wall()))
        except DependencyDown:
            retry.give_back(self._room, row)
            raise
        except Exception as error:  # noqa: BLE001 - any fault of a handler is stored with the event
            if probing:
                retry.give_back(self._room, row)
                return False
            state, due = self._verdict(attempts, error)
            self._tally.attempt(row, attempts, ended=state == "dead", succeeded=False)
            with self._room.transaction() as uow:
                failed = {"state": state, "due_at": due, "error": describe(error), "handler": handler_of(error)}
                uow.connection.execute(inbox.update().where(mine).values(**failed))
            self._tally.failed(row.type, event, state, attempts, error)
            return False
        self._tally.attempt(row, attempts, ended=True, succeeded=True)
        self._tally.handled([event], "ok")
        return True

    def _verdict(self, attempts: int, error: Exception) -> tuple[str, datetime | None]:
        if isinstance(error, Permanent | Refused) or attempts >= self._room.settings.max_attempts:
            return "dead", None
        return "retry", self._room.wall() + retry.delay_after(attempts)

    def _traced(self, events: Sequence[Event[Any]]) -> AbstractContextManager[None]:
        attributes = {**_PROCESSING, "messaging.destination.name": self._room.name}
        return tracing.batch(f"process {self._room.name}", "consumer", (one.traceparent for one in events), attributes)
