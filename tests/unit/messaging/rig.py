"""A service's inbox with handlers that leave traces, a wall that stands still, and faults on order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import sqlalchemy as sa
from pydantic import SecretStr

from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.partners import SampleTested
from shared.contracts.vocabulary import Site
from shared.database.migrate import migrate
from shared.database.types import Serial
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.clock import EventClock
from shared.messaging.brokers import Broker, Delivery
from shared.messaging.brokers.memory import MemoryBroker
from shared.messaging.inbox import Inbox
from shared.messaging.tables import inbox, outbox, quarantine
from shared.room import Room
from shared.settings import Settings

MORNING = datetime(2025, 3, 14, 2, 0, tzinfo=UTC)

# What the handlers did, in the order in which it was committed.
effects = sa.Table("effects", sa.MetaData(), sa.Column("seq", Serial, primary_key=True), sa.Column("event", sa.Text))

Fault = Callable[[], BaseException | None]


class Crash(BaseException):
    """The process dies here."""


class Wall:
    """Physical time that moves when it is told to."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def sample(number: int, site: int = 1, **changes: Any) -> Event[SampleTested]:
    """Return event ``number``, of one of the sample sites."""
    place = Site(id=f"SAMPLE-SITE-{site}", name=f"Cửa hàng mẫu {site}", province="01")
    data = msgspec.structs.replace(SampleTested.sample(), site=place, **changes)
    return Event(
        id=f"SAMPLE-{number}",
        source="/sample/lab",
        type=data.type,
        subject=data.order_key(),
        time=MORNING,
        data=data,
        correlationid=f"SAMPLE-{number}",
    )


class Rig:
    """A room on a fresh database, its inbox, and handlers that fail where ``faults`` says so."""

    def __init__(
        self, folder: Path, database_url: str = "", broker: Broker | None = None, name: str = "rig", **options: Any
    ) -> None:
        settings = Settings(data_dir=folder, database_url=SecretStr(database_url), **options)
        self.wall = Wall()
        self.room = Room(name, settings, EventClock(MORNING), broker or MemoryBroker(), self.wall)
        migrate(self.room.database)
        with self.room.database.writing() as connection:
            effects.metadata.create_all(connection)
        self.faults: dict[str, Fault] = {}
        self.calls: list[list[str]] = []
        self.inbox = self.new_inbox()
        self._closing = ExitStack()
        self._closing.callback(self.room.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._closing.close()

    def new_inbox(self) -> Inbox:
        """Return the inbox of another process of the same service."""
        return Inbox(self.room, self._handle)

    def deliver(self, *events: Event[Any] | bytes) -> None:
        """Let the inbox process one batch."""
        bodies = [one if isinstance(one, bytes) else encode(one) for one in events]
        self.inbox.process([Delivery(body, tag) for tag, body in enumerate(bodies, 1)])

    def fail(self, number: int, *errors: BaseException | None) -> None:
        """Let the handlers fail for event ``number`` with these errors in turn, the last for ever; None is success.

        The first of a batch that fails is met twice, in the batch and alone; those behind it only alone.
        """
        left = list(errors)
        self.faults[f"SAMPLE-{number}"] = lambda: left.pop(0) if len(left) > 1 else left[0]

    def heal(self) -> None:
        """Let every handler succeed."""
        self.faults.clear()

    def effects(self) -> list[int]:
        """Return the numbers of the events that had their effect, in order, as often as they had it."""
        with self.room.reading() as connection:
            found = connection.scalars(sa.select(effects.c.event).order_by(effects.c.seq))
            return [int(one.removeprefix("SAMPLE-")) for one in found]

    def rows(self) -> dict[int, Any]:
        """Return what the inbox says of the events that are not done, by number."""
        with self.room.reading() as connection:
            found = connection.execute(sa.select(inbox).where(inbox.c.state != "done").order_by(inbox.c.position)).all()
        return {int(msgspec.json.decode(row.body)["id"].removeprefix("SAMPLE-")): row for row in found}

    def unreadable(self) -> list[Any]:
        """Return the quarantine."""
        with self.room.reading() as connection:
            return list(connection.execute(sa.select(quarantine).order_by(quarantine.c.reason)))

    def announced(self) -> list[str]:
        """Return the causes of what the handlers announced."""
        with self.room.reading() as connection:
            found = connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq))
            return [msgspec.json.decode(body)["causationid"] for body in found]

    def _handle(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        self.calls.append([event.id for event in events])
        for event in events:
            uow.connection.execute(effects.insert().values(event=event.id))
            uow.emit(event.data, cause=event)
            error = self.faults.get(event.id, lambda: None)()
            if error is not None:
                raise error
