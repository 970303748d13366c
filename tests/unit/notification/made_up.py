"""Made-up times, recipients, events and a made-up channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from services.notification import handlers
from services.notification.channels import Send
from services.notification.contacts import Contacts
from services.notification.desk import Desk
from services.notification.model import Letter, Recipient
from services.notification.tables import deliveries
from shared.contracts.codec import decode
from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import ViolationDetected
from shared.contracts.notification import NoticeDelivered, NoticeFailed
from shared.messaging.tables import outbox
from shared.room import Room

MORNING = datetime(2025, 3, 14, 1, 0, tzinfo=UTC)


class Wall:
    """Physical time that stands still until a test lets it pass."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def let_pass(self, **duration: float) -> None:
        """Move on by a timedelta's arguments."""
        self.now += timedelta(**duration)


def tbt_office(**channels: dict[str, str]) -> Recipient:
    """Return the TBT office, to be reached by ``channels``."""
    return Recipient(
        id="tbt_office", name={"vi": "Văn phòng TBT Việt Nam", "en": "Viet Nam TBT Office"}, locale="vi", channels=channels
    )


def event_of(data: Data, number: int = 1, *, time: datetime | None = None) -> Event[Any]:
    """Return ``data`` as the event that another service published, by default when it was observed."""
    return Event(
        id=f"event-{number}",
        source="/chuan/elsewhere",
        type=data.type,
        subject=data.order_key(),
        time=time or data.observed_at,
        data=data,
        correlationid=f"story-{number}",
    )


class Post:
    """A channel that does what ``rule`` says with each letter, and keeps those it delivered."""

    def __init__(self, rule: Callable[[Letter], str] = lambda _letter: "250 OK") -> None:
        self.rule = rule
        self.delivered: list[str] = []
        self.seen: list[str] = []

    @contextmanager
    def session(self) -> Iterator[Send]:
        """Give the function that sends."""

        def send(letter: Letter) -> str:
            self.seen.append(letter.delivery_id)
            receipt = self.rule(letter)
            self.delivered.append(letter.delivery_id)
            return receipt

        yield send


def raising(error: Exception) -> Callable[[Letter], str]:
    """Return a rule that raises."""

    def rule(_letter: Letter) -> str:
        raise error

    return rule


def issue(room: Room, desk: Desk, number: int = 1) -> None:
    """Issue notices, three deliveries each."""
    sample = ViolationDetected.sample()
    events = [event_of(msgspec.structs.replace(sample, violation_id=f"SAMPLE-VIOLATION-{one}"), one) for one in range(number)]
    with room.transaction() as uow:
        handlers.react(events, uow, desk)


def rows(room: Room) -> list[sa.Row[Any]]:
    """Return all deliveries."""
    with room.reading() as connection:
        return list(connection.execute(sa.select(deliveries).order_by(deliveries.c.delivery_id)))


def told(room: Room) -> list[Event[Any]]:
    """Return what was announced of deliveries."""
    with room.reading() as connection:
        events = [decode(body.encode()) for body in connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq))]
    return [event for event in events if isinstance(event.data, NoticeDelivered | NoticeFailed)]


def all_at(contacts: Contacts, **channels: dict[str, str]) -> Contacts:
    """Return the contacts with everybody to be reached by ``channels``."""
    return Contacts(
        {
            role: [msgspec.structs.replace(holders[-1], valid_from=None, channels=channels)]
            for role, holders in contacts._holders.items()
        }
    )
