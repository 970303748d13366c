"""What is open now: which events open an item of a list and which close it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from services.reporting.model import Entry
from shared.contracts.inspection import CaseClosed, CaseOpened, CaseReopened
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed

CASES = "cases"
CLOCKS = "clocks"


class Item(NamedTuple):
    """One item of a list: a case or a statutory clock."""

    listing: str
    item: str


class Opening(NamedTuple):
    """Since when an item is open, and the event that says so; a clock has a due time and may belong to a case."""

    opened_at: datetime
    opened_on: date
    opened_by: str
    due_at: datetime | None
    case_id: str


class Changes(NamedTuple):
    """What a batch opens and closes. The two are written apart: which one comes first does not matter."""

    opened: dict[Item, Opening]
    closed: dict[Item, datetime]


def changes(entries: Iterable[Entry]) -> Changes:
    """Return the items that a batch opens and closes.

    A case is open until it is closed; one that is opened again is another item of the list. A clock is announced once, when
    it comes close, and leaves the list when it is missed.
    """
    opened: dict[Item, Opening] = {}
    closed: dict[Item, datetime] = {}
    for key, day, _, _, event in entries:
        data = event.data
        if isinstance(data, CaseOpened):
            opened[_case(data.case_id, data.opening if isinstance(data, CaseReopened) else 1)] = Opening(
                data.observed_at, day, key, None, data.case_id
            )
        elif isinstance(data, CaseClosed):
            closed[_case(data.case_id, data.opening)] = data.observed_at
        elif isinstance(data, DeadlineApproaching):
            opened[Item(CLOCKS, data.clock_id)] = Opening(data.observed_at, day, key, data.due_at, data.case_id)
        elif isinstance(data, DeadlineMissed):
            closed[Item(CLOCKS, data.clock_id)] = data.observed_at
    return Changes(opened, closed)


def _case(case_id: str, opening: int) -> Item:
    return Item(CASES, case_id if opening == 1 else f"{case_id}/{opening}")
