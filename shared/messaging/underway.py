"""What a process had in hand when it died, so that an event that kills its process does not come for ever.

Whatever kills a process kills it again soon after its next start, for it is delivered first. So only what a process takes
soon after its start is noted, and nothing is paid for it later. Who starts next finds the notes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress

import sqlalchemy as sa

from shared.database.upsert import insert_new
from shared.kernel.errors import DependencyDown
from shared.messaging.tables import underway
from shared.room import Room

# More than a reader that dies gives back, or a relay sends again at once.
_BATCHES = 4


class Underway:
    """The notes of one process, and those it found."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._left = _BATCHES * room.settings.batch_size
        self._suspects: set[str] | None = None

    def suspects(self) -> Collection[str]:
        """Return the keys of the events that a process had in hand when it died."""
        if self._suspects is None:
            with self._room.reading() as connection:
                self._suspects = set(connection.scalars(sa.select(underway.c.key)))
        return self._suspects

    def cleared(self, keys: Collection[str]) -> None:
        """Forget suspects: from now on their own rows tell how often they were tried."""
        self._forget(keys)
        self._suspects = set(self.suspects()) - set(keys)

    @contextmanager
    def noted(self, keys: Sequence[str]) -> Iterator[None]:
        """Note ``keys`` while they are handled; a process that dies meanwhile leaves them behind."""
        if self._left <= 0 or not keys:
            yield
            return
        self._left -= len(keys)
        # It must outlive the process, not the machine: an event cannot cut the power.
        with self._room.database.noting() as connection:
            insert_new(connection, underway, [{"key": key} for key in keys])
        try:
            yield
        except Exception:
            with suppress(DependencyDown):
                self._forget(keys)
            raise
        self._forget(keys)

    def _forget(self, keys: Collection[str]) -> None:
        with self._room.database.noting() as connection:
            connection.execute(underway.delete().where(underway.c.key.in_(keys)))
