"""Which events advance plan items, and which of their attributes an item may ask for.

A new event that advances items is one line in ``COUNTED`` (and one in the service's ``@subscribe``); a new attribute is
its name in that line and a field of ``Counts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import CaseClosed, CaseOpened, MeasureOrdered, VerdictReached, ViolationDetected
from shared.contracts.partners import AgencyChecked, FileAnswered, SurveyAnswered
from shared.contracts.planning import DraftMoved, WorkRecorded
from shared.kernel.deadlines import local_day

Facts = tuple[tuple[str, tuple[str, ...]], ...]
Wanted = Mapping[str, frozenset[str]]

# Event type -> the attributes an item may ask for, the most telling ones last. Each is a field or property of the data.
COUNTED: Mapping[str, tuple[str, ...]] = {
    SurveyAnswered.type: ("activity", "topics", "province", "unit"),
    VerdictReached.type: ("outcome", "topics", "province"),
    ViolationDetected.type: ("violation_kind", "track", "topics", "province"),
    CaseOpened.type: ("violation_kind", "track", "topics", "province"),
    MeasureOrdered.type: ("measure", "track", "topics", "province"),
    CaseClosed.type: ("reason", "track", "topics", "province"),
    AgencyChecked.type: ("province", "unit"),
    FileAnswered.type: ("procedure", "answer", "province", "unit"),
    WorkRecorded.type: ("step", "item_type", "province", "unit"),
    DraftMoved.type: ("draft_kind", "stage", "province", "unit"),
}


class Activity(NamedTuple):
    """What events of one kind have in common as far as plans can ask: type, Vietnamese year and month, and attributes."""

    event_type: str
    year: int
    month: int
    facts: Facts


def activity_of(event: Event[Any]) -> Activity:
    """Return what a counted event stands for; several events may be the same activity."""
    data = event.data
    facts = tuple((name, _values(data, name)) for name in COUNTED[event.type])
    day = local_day(data.observed_at)
    return Activity(event.type, day.year, day.month, facts)


def amount_of(data: Data) -> int:
    """Return how many activities an event stands for."""
    return int(getattr(data, "count", 1))


def is_counted(wanted: Wanted, facts: Facts) -> bool:
    """Tell whether an activity has, for each attribute asked for, one of the values asked for."""
    known = dict(facts)
    return all(not values.isdisjoint(known.get(name, ())) for name, values in wanted.items())


def most_telling(event_type: str, wanted: Wanted) -> str:
    """Return the attribute asked for that the fewest events share, empty when nothing is asked for."""
    return next((name for name in reversed(COUNTED[event_type]) if name in wanted), "")


def _values(data: Data, name: str) -> tuple[str, ...]:
    value = _topics(data) if name == "topics" else getattr(data, name)
    if isinstance(value, str):
        return (str(value),) if value else ()
    return tuple(sorted({str(one) for one in value}))


def _topics(data: Data) -> Iterable[str]:
    """Return the product groups an event is about: those it lists, else the one of its product."""
    return getattr(data, "topics", None) or data.product_group
