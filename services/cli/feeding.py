"""Feeds events to embedded services, with a clock that follows them.

From time to time, at the turn of a legal day, it waits until everything is quiet, moves the clock to the new day's start,
lets the timers do what has fallen due, waits again, and goes on. At which days depends on the input alone. So deadlines
fall due between the same events on every run, whatever the speed, the batches, or the moments at which an earlier run was
killed.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import NamedTuple

import sqlalchemy as sa

from services.cli.databases import EVENT_CLOCK, INTAKE, stored_event_clock
from shared.contracts.codec import decode, encode
from shared.contracts.envelope import check_arrival
from shared.database.engine import Database
from shared.database.migrate import migrate
from shared.database.upsert import upsert
from shared.kernel.clock import HANOI, EventClock
from shared.kernel.errors import DependencyDown, Refused
from shared.messaging import quarantine
from shared.messaging.brokers import Fate, Message
from shared.messaging.tables import WAITING_FOR_RETRY, inbox, timer_slots
from shared.room import wall_time
from shared.runner.launcher import Hosting
from shared.settings import Settings

_CHUNK = 1000
# The clock is moved at the first turn of a day after so many events or days.
_EVENTS_BETWEEN_TURNS = 500
_DAYS_BETWEEN_TURNS = timedelta(days=7)
_GLANCE = 0.002
_RETRY_PATIENCE = timedelta(seconds=30)
_FAULT_PATIENCE = 30.0  # seconds; what still fails then is not put right by waiting
_STANDSTILL_PATIENCE = 600.0  # seconds; no batch and no timer takes so long
_TIMED_EVENTS = 50_000  # of one day; beyond that latencies are a sample, so that memory stays flat


class Line(NamedTuple):
    """One line of input and where it stands, for example ``year.jsonl:17``."""

    origin: str
    body: bytes


class Outcome:
    """What became of the input."""

    def __init__(self) -> None:
        self.lines = 0
        self.accepted = 0
        self.refused: Counter[str] = Counter()
        self.seconds = 0.0
        self.latencies: list[float] = []


class Intake:
    """The data folder's own small database: lines that could not be read, and how far the clock had come."""

    def __init__(self, settings: Settings) -> None:
        self._database = Database(settings.service_database_url(), INTAKE)
        migrate(self._database)

    def clock(self) -> EventClock:
        """Return the clock where an earlier run left it, or before every event."""
        with self._database.reading() as connection:
            return EventClock(stored_event_clock(connection) or datetime.fromtimestamp(0, UTC))

    def remember(self, moment: datetime) -> None:
        """Store that the clock has come to ``moment``."""
        with self._database.writing() as connection:
            upsert(connection, timer_slots, [{"timer": EVENT_CLOCK, "slot": int(moment.timestamp())}], replace=["slot"])

    def refuse(self, items: list[quarantine.Item]) -> None:
        """Keep lines that could not be read, with their raw bytes."""
        with self._database.writing() as connection:
            quarantine.store(connection, INTAKE, items, wall_time())

    def close(self) -> None:
        self._database.close()


class Feeder:
    """Feeds one run.

    ``on_refusal`` hears of each line that could not be read, ``on_progress`` of the count so far;
    ``on_turn`` is called at each turn of a day at which the clock is moved, also where an earlier run moved it.
    """

    def __init__(
        self,
        hosting: Hosting,
        clock: EventClock,
        intake: Intake,
        on_refusal: Callable[[str, Refused], None],
        on_progress: Callable[[int], None],
        on_turn: Callable[[datetime], None] | None = None,
    ) -> None:
        self.outcome = Outcome()
        self._hosting = hosting
        self._clock = clock
        self._intake = intake
        self._on_refusal = on_refusal
        self._on_progress = on_progress
        self._on_turn = on_turn
        self._publisher = hosting.broker.publisher()
        self._turned = date.min
        self._arrived = wall_time()
        self._since_turn = 0
        self._newest = date.min
        self._chunk: list[Message] = []
        self._refused: list[quarantine.Item] = []
        self._fed: dict[str, float] = {}
        self._probe = LatencyProbe(hosting, self._fed, self.outcome.latencies)

    def feed(self, lines: Iterable[Line]) -> None:
        """Feed all ``lines`` and return when everything they caused has been done."""
        began = time.perf_counter()
        for line in lines:
            self.outcome.lines += 1
            try:
                event = decode(line.body, edge=True)
                check_arrival(event, self._arrived)
            except Refused as error:
                self._refuse(line, error)
                continue
            self._note_day(event.data.observed_at.astimezone(HANOI).date())
            self._chunk.append(Message(event.type, event.subject, encode(event)))
            if len(self._fed) < _TIMED_EVENTS:
                self._fed[event.id] = time.perf_counter()
            if len(self._chunk) >= _CHUNK:
                self._flush()
        self._flush()
        self.outcome.seconds = time.perf_counter() - began

    def finish(self) -> None:
        """Let the clock run to the end of the last event's year, and wait for everything that falls due until then."""
        self._wait_until_quiet()
        if self.outcome.accepted:
            # Twice: what fell due may have started something that is due before the year's end too.
            end = _midnight(date(self._newest.year + 1, 1, 1))
            for moment in (end - timedelta(minutes=2), end - timedelta(microseconds=1)):
                self._advance(moment)
        self._wait_for_retries()
        self._probe.stop()

    def _note_day(self, day: date) -> None:
        """Move the clock when a later day begins and the last move is long enough ago, in events or in days."""
        later, self._newest = day > self._newest, max(day, self._newest)
        far = self._turned == date.min or day - self._turned >= _DAYS_BETWEEN_TURNS
        if later and (far or self._since_turn >= _EVENTS_BETWEEN_TURNS):
            self._turn_to(day)
            self._since_turn = 0
        self._since_turn += 1

    def _turn_to(self, day: date) -> None:
        """Let everything become quiet, and move the clock to the start of ``day``; an earlier run may have been there."""
        self._flush()
        self._turned = day
        self._wait_until_quiet()
        self._fed.clear()
        self._advance(_midnight(day))
        if self._on_turn is not None:
            self._on_turn(_midnight(day))
            self._wait_until_quiet()

    def _advance(self, moment: datetime) -> None:
        if moment <= self._clock.now():
            return  # an earlier run was there
        self._intake.remember(moment)
        self._clock.advance_to(moment)
        self._wait_until_quiet()

    def _flush(self) -> None:
        if self._refused:
            self._intake.refuse(self._refused)
            self._refused = []
        waiting, watch = self._chunk, Watch(self._hosting)
        while waiting:
            fates = self._publisher.publish(waiting, timeout=60)
            # A type that nobody is bound to cannot happen here: reporting is bound to every contract.
            waiting = [message for message, fate in zip(waiting, fates, strict=True) if fate is not Fate.CONFIRMED]
            watch.look()
        self.outcome.accepted += len(self._chunk)
        self._chunk = []
        self._on_progress(self.outcome.lines)

    def _refuse(self, line: Line, error: Refused) -> None:
        self.outcome.refused[str(error.reason)] += 1
        self._refused.append(quarantine.Item(line.body, line.origin, error))
        self._on_refusal(line.origin, error)
        if len(self._refused) >= 100:  # noqa: PLR2004 - lines may be megabytes long: not many are held in memory
            self._intake.refuse(self._refused)
            self._refused = []

    def _wait_until_quiet(self) -> None:
        watch = Watch(self._hosting)
        while not (self._clock.settled() and self._hosting.drained()):
            watch.look()
            threading.Event().wait(_GLANCE)

    def _wait_for_retries(self) -> None:
        """Give events that failed a while to succeed; what still fails after that is in the summary."""
        deadline = wall_time() + _RETRY_PATIENCE
        while any(_retries_due(room.database, deadline) for room in self._hosting.rooms.values()) and wall_time() < deadline:
            threading.Event().wait(0.1)
            self._wait_until_quiet()


class Watch:
    """Sees to it that nobody waits for a run that hangs."""

    def __init__(self, hosting: Hosting, *, standstill: float = _STANDSTILL_PATIENCE) -> None:
        self._hosting = hosting
        self._standstill = standstill
        self._handled = hosting.handled()
        self._moved_at = time.monotonic()

    def look(self) -> None:
        """Raise ``DependencyDown`` when a service has not been able to go on for long, or nothing has moved at all."""
        fault = self._hosting.stuck(_FAULT_PATIENCE)
        if (handled := self._hosting.handled()) != self._handled:
            self._handled, self._moved_at = handled, time.monotonic()
        elif time.monotonic() - self._moved_at > self._standstill:
            fault = fault or f"nothing has moved for {self._standstill:.0f} s; at work: {self._hosting.at_work()}"
        if fault:
            raise DependencyDown(f"{fault}. Nothing is lost: put it right and run the same command again")


class LatencyProbe:
    """Measures from an event's publication to the stored notice it led to, by a queue of its own."""

    def __init__(self, hosting: Hosting, fed: dict[str, float], latencies: list[float]) -> None:
        hosting.broker.declare("latency probe", ["notification.notice_issued"])
        self._subscription = hosting.broker.subscribe("latency probe")
        self._stopping = False
        self._thread = threading.Thread(target=self._run, args=(fed, latencies), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._thread.join()
        self._subscription.close()

    def _run(self, fed: dict[str, float], latencies: list[float]) -> None:
        while not self._stopping:
            deliveries = self._subscription.take(_CHUNK, timeout=0.2)
            now = time.perf_counter()
            for delivery in deliveries:
                published = fed.get(decode(delivery.body).correlationid)
                if published is not None:
                    latencies.append(now - published)
            self._subscription.ack(deliveries)


def _midnight(day: date) -> datetime:
    """Return the start of a legal day."""
    return datetime.combine(day, time_of_day(), HANOI).astimezone(UTC)


def _retries_due(database: Database, moment: datetime) -> bool:
    due = sa.select(sa.exists().where(WAITING_FOR_RETRY, inbox.c.due_at <= moment))
    with database.reading() as connection:
        return bool(connection.scalar(due))
