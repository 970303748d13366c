"""Made-up events of every contract, and a database to put them in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, get_type_hints

import msgspec

from services.reporting.handlers import journalise
from services.reporting.indicators import indicators
from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import CaseClosed
from shared.contracts.planning import DeadlineMissed
from shared.contracts.registry import contracts
from shared.contracts.vocabulary import Product, ProductGroup, Site
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork

NOW = datetime(2025, 6, 30, 5, tzinfo=UTC)
_PROVINCES = ("01", "46", "79")
_GROUPS = (ProductGroup.PETROL, ProductGroup.TOY, ProductGroup.HELMET)


def made_up_events(count: int, seed: int = 1, *, days: int = 480, types: Sequence[str] = ()) -> list[Event[Any]]:
    """Return ``count`` events that end on 30 June 2025, of all contracts or of ``types``; the same for the same seed.

    Three of four are of contracts that an indicator of their own counts, however many other contracts there are.
    """
    chance = random.Random(seed)
    known = [one.data for name, one in contracts().items() if not types or name in types]
    counted = [data for data in known if any(data in one.reads for one in indicators().values())] or known
    seen: Counter[type[Data]] = Counter()
    events = []
    for number in range(count):
        data = chance.choice(known if number % 4 == 0 else counted)
        seen[data] += 1
        events.append(_made_up(data, number, seen[data], chance, days))
    return events


def _made_up(data: type[Data], number: int, nth: int, chance: random.Random, days: int) -> Event[Any]:
    """Return an event with random dimensions, the ``nth`` of its type; about one in five was published late."""
    at = NOW - timedelta(minutes=chance.randrange(days * 24 * 60))
    sample = data.sample()
    changed = msgspec.structs.replace(sample, **dict(_changes(sample, nth, chance)), observed_at=at)
    delay = timedelta(hours=chance.choice((1, 2, 3, 4, 90)))
    return event_of(changed, f"{number}", at + delay)


def event_of(data: Data, event_id: str, time: datetime | None = None) -> Event[Any]:
    """Return ``data`` in an envelope, published at ``time`` or at once."""
    return Event(
        id=f"SAMPLE-{event_id}",
        source="/sample/source",
        type=data.type,
        subject=data.order_key(),
        time=time or data.observed_at,
        data=data,
        correlationid=f"SAMPLE-{event_id}",
    )


def _changes(sample: Data, nth: int, chance: random.Random) -> Iterator[tuple[str, object]]:
    province = chance.choice(_PROVINCES)
    for name, hint in get_type_hints(type(sample)).items():
        if name in ("site", "importer"):
            yield name, Site(id=f"SAMPLE-SITE-{chance.randrange(50)}", name="Cửa hàng mẫu", province=province)
        elif name == "product":
            yield name, Product(group=chance.choice(_GROUPS), name="Hàng mẫu")
        elif name in ("about_province", "unit_province"):
            yield name, province
        elif name in ("case_id", "clock_id", "notice_id"):
            # Every second case is closed, every second clock missed, whichever of the two events comes first.
            yield name, f"SAMPLE-{name}-{nth * 2 if isinstance(sample, CaseClosed | DeadlineMissed) else nth}"
        elif name == "count":
            yield name, chance.randrange(1, 6)
        elif isinstance(hint, type) and issubclass(hint, StrEnum):
            yield name, chance.choice(list(hint))


def take_in(database: Database, events: Sequence[Event[Any]], batch: int = 100) -> None:
    """Journal ``events`` in batches."""
    for start in range(0, len(events), batch):
        with database.writing() as connection:
            journalise(events[start : start + batch], UnitOfWork(connection, "reporting", NOW, NOW))
