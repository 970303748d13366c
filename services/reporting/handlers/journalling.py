"""Write a batch of events into the journal and add it to everything that is folded from the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from services.reporting.indicators import readers
from services.reporting.listings import Opening, changes
from services.reporting.model import Entry, entry_of, fold
from services.reporting.tables import cells, generations, journal, listings, points
from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_all, sent_ahead, upsert


def journalise(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Take a batch in: one statement each for the journal, the points, the cells and, where they change, the lists."""
    into = current_generations(uow.connection)
    with sent_ahead(uow.connection):
        entries = [entry_of(event) for event in events]
        insert_all(uow.connection, journal, [_row(entry) for entry in entries])
        project(uow.connection, entries, into)


def current_generations(connection: sa.Connection) -> list[int]:
    """Return the generations that new events are added to: the one that is read and, if there is one, the one being built.

    The row stays locked for sharing until the transaction ends, so that a rebuild can tell when all earlier writers are done.
    """
    row = connection.execute(sa.select(generations.c.live, generations.c.building).with_for_update(read=True)).one()
    return [row.live] if row.building is None else [row.live, row.building]


def project(connection: sa.Connection, entries: Sequence[Entry], into: Sequence[int]) -> None:
    """Add journalled events to the points, cells and lists of the given generations."""
    folded = fold(entries, readers())
    insert_all(
        connection,
        points,
        [
            {
                "generation": generation,
                "indicator": name,
                "day": day,
                "province": province,
                "product_group": product_group,
                "kind": kind,
                "key": key,
                "value": value,
                "published_at": published_at,
            }
            for generation in into
            for (name, day, province, product_group, kind, key), (value, published_at) in sorted(folded.points.items())
        ],
    )
    upsert(
        connection,
        cells,
        [
            {
                "generation": generation,
                "indicator": name,
                "grain": grain,
                "start": start,
                "province": province,
                "product_group": product_group,
                "kind": kind,
                "value": value,
            }
            for generation in into
            for (name, grain, start, province, product_group, kind), value in folded.cells.items()
        ],
        add=["value"],
    )
    changed = changes(entries)
    upsert(
        connection,
        listings,
        [
            {**item._asdict(), "generation": generation, **opening._asdict()}
            for generation in into
            for item, opening in changed.opened.items()
        ],
        replace=Opening._fields,
    )
    upsert(
        connection,
        listings,
        [
            {**item._asdict(), "generation": generation, "closed_at": closed_at}
            for generation in into
            for item, closed_at in changed.closed.items()
        ],
        replace=["closed_at"],
    )


def _row(entry: Entry) -> dict[str, Any]:
    event = entry.event
    return {
        "key": entry.key,
        "source": event.source,
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "observed_at": event.data.observed_at,
        "time": event.time,
        "day": entry.day,
        "province": entry.province,
        "product_group": entry.product_group,
        "kind": event.data.kind,
        "body": encode(event).decode(),
    }
