"""The sample year chooses each month's visits, once, each with its reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from services.cli.sample_year import planners
from services.planning.tables import proposals
from shared.contracts.planning import InspectionProposed
from shared.database.unit_of_work import UnitOfWork
from tests.unit.planning.story import Planning, Story, hanoi


class _Room:
    """A room at a moment."""

    def __init__(self, planning: Planning, moment: str) -> None:
        self._planning = planning
        self.moment = hanoi(moment)

    @contextmanager
    def transaction(self) -> Iterator[UnitOfWork]:
        with self._planning.transaction(self.moment) as uow:
            yield uow


def test_each_month_of_the_year_is_chosen_once(planning: Planning) -> None:
    """At the first turn of a month, not again at a later one or on a second run, and not in the year before."""
    planning.react(*(Story(number).verdict("2023-01-10T09:00:00") for number in range(1, 9)))
    for moment in ("2024-12-30", "2025-01-05", "2025-01-20", "2025-03-01", "2025-01-05", "2025-03-31"):
        room: Any = _Room(planning, f"{moment}T00:00:00")
        planners.choose(room, room.moment, 2025)
    rows = planning.rows(proposals)
    assert Counter(f"{row['month']:%Y-%m}" for row in rows) == {"2025-01": 2, "2025-03": 2}
    assert len(planning.emitted(InspectionProposed)) == len(rows)
    assert all(len(msgspec.json.decode(row["reasons"])) >= 2 for row in rows)
