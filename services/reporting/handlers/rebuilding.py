"""Build points, cells and lists anew from the journal, beside the ones that are read, and then switch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from services.reporting.handlers.journalling import project
from services.reporting.model import entry_of
from services.reporting.tables import cells, generations, journal, listings, points
from shared.contracts.codec import decode
from shared.database.engine import Database
from shared.database.upsert import sent_ahead
from shared.kernel.errors import Conflict

Progress = Callable[[int, int], None]

# One transaction each: small enough that new events, which wait for it on SQLite, do not wait long.
_CHUNK = 1000


def rebuild(database: Database, progress: Progress = lambda _done, _total: None) -> int:
    """Fold the whole journal again and return how many events it holds.

    ``progress`` is told journal positions: how far, of how many. Events that come meanwhile are added to both
    generations. A rebuild that was killed leaves nothing that is read; the next one clears it away. Raises ``Conflict``
    when another rebuild was started later than this one.
    """
    generation, last = _begin(database)
    folded, position = 0, 0
    while position < last:
        count, position = _fold_chunk(database, generation, position, last)
        folded += count
        progress(position, last)
    _switch(database, generation)
    return folded


def _begin(database: Database) -> tuple[int, int]:
    """Start a new generation; return its number and the last journal position that is not added to it by itself.

    The exclusive lock waits for every writer that does not know of the new generation yet: what stands in the journal
    then is all that has to be folded, and there are no gaps below that a slower writer could still fill.
    """
    with database.writing() as connection:
        state = connection.execute(sa.select(generations).with_for_update()).one()
        generation = max(state.live, state.building or 0) + 1
        connection.execute(generations.update().values(building=generation))
        last = connection.scalar(sa.select(sa.func.max(journal.c.seq))) or 0
    _discard(database)
    return generation, last


def _fold_chunk(database: Database, generation: int, after: int, last: int) -> tuple[int, int]:
    """Fold the next events; return how many there were and the position reached."""
    with database.writing() as connection:
        _check_turn(connection, generation)
        rows = connection.execute(
            sa.select(journal.c.seq, journal.c.body)
            .where(journal.c.seq > after, journal.c.seq <= last)
            .order_by(journal.c.seq)
            .limit(_CHUNK)
        ).all()
        with sent_ahead(connection):
            project(connection, [entry_of(decode(row.body.encode())) for row in rows], [generation])
        return len(rows), rows[-1].seq if rows else last


def _switch(database: Database, generation: int) -> None:
    """Let readers see the new generation; what they read up to now goes afterwards."""
    with database.writing() as connection:
        _check_turn(connection, generation, alone=True)
        connection.execute(generations.update().values(live=generation, building=None))
    _discard(database)


def _check_turn(connection: sa.Connection, generation: int, *, alone: bool = False) -> None:
    building = connection.scalar(sa.select(generations.c.building).with_for_update(read=not alone))
    if building != generation:
        raise Conflict("another rebuild was started; this one stops")


def _discard(database: Database) -> None:
    """Remove the generations that are neither read nor being built, in small transactions."""
    for table, unit in ((points, points.c.day), (cells, cells.c.start), (listings, listings.c.item)):
        removed = _CHUNK
        while removed >= _CHUNK:
            with database.writing() as connection:
                removed = _discard_some(connection, table, unit)


def _discard_some(connection: sa.Connection, table: sa.Table, unit: sa.Column[Any]) -> int:
    """Remove some rows, one figure's day or one listed item after the other; return how many, fewer than a chunk at the end."""
    group = table.c.indicator if "indicator" in table.c else table.c.listing
    state = connection.execute(sa.select(generations).with_for_update(read=True)).one()
    newest = state.building or state.live
    removed = 0
    # Ranges and not "unequal": each is one look into the primary key, however many rows the kept generations have.
    for obsolete in (
        table.c.generation < state.live,
        table.c.generation.between(state.live + 1, newest - 1),
        table.c.generation > newest,
    ):
        first = sa.select(table.c.generation, group, unit).where(obsolete).limit(1)
        while removed < _CHUNK and (found := connection.execute(first).first()):
            of_first = (table.c.generation == found[0], group == found[1], unit == found[2])
            removed += connection.execute(table.delete().where(*of_first)).rowcount
    return removed
