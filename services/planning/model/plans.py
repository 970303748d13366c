"""A year plan: key tasks, their items with targets, and what advances each item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Annotated, Any

import msgspec

from services.planning.rules.activities_count_towards_items import COUNTED, Wanted
from services.planning.rules.reports_fall_due_by_the_calendar import PERIODIC
from shared.contracts.envelope import check_year
from shared.contracts.inspection import CloseReason, ViolationKind
from shared.contracts.partners import Activity
from shared.contracts.vocabulary import Measure, Outcome, ProductGroup, ProvinceCode, Track, check_province
from shared.kernel.clock import HANOI

# No control characters: PostgreSQL stores no NUL, and a name is one line. Python's $ also matches before a last line feed.
_END = r"$(?!\n)"
_Title = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]*[^\s\x00-\x1f][^\x00-\x1f]*" + _END)]
_Id = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*" + _END)]
_Unit = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\s\x00-\x1f]([^\x00-\x1f]*[^\s\x00-\x1f])?" + _END)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of every part of a plan: a misspelt name is an error, not a default."""


class Counts(_Part, frozen=True, kw_only=True):
    """Which events advance an item: those of a type whose attributes have one of the values given.

    An attribute that is not given is not looked at. One value may stand without a list around it.
    """

    event: str
    activity: Activity | list[Activity] = []
    topics: ProductGroup | list[ProductGroup] = []
    unit: _Unit | list[_Unit] = []
    province: ProvinceCode | list[ProvinceCode] = []
    outcome: Outcome | list[Outcome] = []
    violation_kind: ViolationKind | list[ViolationKind] = []
    track: Track | list[Track] = []
    measure: Measure | list[Measure] = []
    reason: CloseReason | list[CloseReason] = []

    def __post_init__(self) -> None:
        known = COUNTED.get(self.event)
        if known is None:
            raise ValueError(f"event {self.event!r} advances no items; those that do are {', '.join(sorted(COUNTED))}")
        for name in self.wanted():
            if name not in known:
                raise ValueError(f"{self.event} has no {name!r} to ask for; it has {', '.join(known)}")
        for code in self.wanted().get("province", ()):
            check_province(code)

    def wanted(self) -> Wanted:
        """Return the values asked for by attribute, attributes not asked for left out."""
        given = ((name, getattr(self, name)) for name in self.__struct_fields__ if name != "event")
        return {name: frozenset(map(str, [one] if isinstance(one, str) else one)) for name, one in given if one}


class Item(_Part, frozen=True, kw_only=True):
    """A measurable part of a key task: ``target`` activities in the year. It may serve several programmes."""

    id: _Id
    title: _Title
    target: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
    counts: Counts
    programmes: Annotated[list[_Title], msgspec.Meta(max_length=20)] = []


class KeyTask(_Part, frozen=True, kw_only=True):
    """One of the plan's key tasks; it is reached when all its items are."""

    id: _Id
    title: _Title
    items: Annotated[list[Item], msgspec.Meta(min_length=1, max_length=100)]


class PeriodicDuty(_Part, frozen=True, kw_only=True):
    """A report, or another duty that falls due by the calendar, and who owes it: the plan's unit unless others are named."""

    duty: str
    by: Annotated[list[_Unit], msgspec.Meta(max_length=200)] = []

    def __post_init__(self) -> None:
        if self.duty not in PERIODIC:
            raise ValueError(f"no duty {self.duty!r} falls due by the calendar; those that do are {', '.join(sorted(PERIODIC))}")


class YearPlan(_Part, frozen=True, kw_only=True):
    """What a unit means to do in a year, as it is written in a plan file.

    ``approved_on`` is the day this text was approved; a changed text has the day of the change.
    """

    plan_id: _Id
    title: _Title
    unit: _Unit
    year: Annotated[int, msgspec.Meta(ge=1990, le=2099)]
    approved_on: date
    unit_province: ProvinceCode = ""
    key_tasks: Annotated[list[KeyTask], msgspec.Meta(min_length=1, max_length=100)]
    duties: Annotated[list[PeriodicDuty], msgspec.Meta(max_length=100)] = []

    def __post_init__(self) -> None:
        check_year("approved_on", self.approved_on)
        if self.unit_province:
            check_province(self.unit_province)
        _check_unique("key task", (task.id for task in self.key_tasks))
        _check_unique("item", (item.id for item in self.items()))

    @property
    def approved_at(self) -> datetime:
        """The legal time of the approval: the beginning of its day in Viet Nam."""
        return datetime.combine(self.approved_on, time.min, tzinfo=HANOI).astimezone(UTC)

    def items(self) -> list[Item]:
        """Return the items of all key tasks."""
        return [item for task in self.key_tasks for item in task.items]


def plan_from(document: Any) -> YearPlan:
    """Read a plan from what a JSON or YAML parser returned; raise ``msgspec.ValidationError`` that names the place."""
    return msgspec.convert(document, YearPlan, strict=True)


def _check_unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"two of the plan's {what}s have the id {one!r}")
        seen.add(one)
