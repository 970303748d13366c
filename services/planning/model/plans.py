"""A year plan: key tasks, their items with targets, and what advances each item."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Annotated

import msgspec

from services.planning.item_types import item_types
from services.planning.rules.activities_count_towards_items import COUNTED, Wanted
from services.planning.rules.reports_fall_due_by_the_calendar import PERIODIC
from shared.contracts.envelope import check_year
from shared.contracts.inspection import CloseReason, ViolationKind
from shared.contracts.partners import Activity, Answer, DraftKind, DraftStage, Procedure
from shared.contracts.vocabulary import Measure, Outcome, ProductGroup, ProvinceCode, Track, check_province
from shared.kernel.clock import HANOI

# No control characters: PostgreSQL stores no NUL, and a name is one line. Python's $ also matches before a last line feed.
_END = r"$(?!\n)"
_Title = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]*[^\s\x00-\x1f][^\x00-\x1f]*" + _END)]
_Id = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*" + _END)]
_Unit = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\s\x00-\x1f]([^\x00-\x1f]*[^\s\x00-\x1f])?" + _END)]

_Note = Annotated[str, msgspec.Meta(max_length=300, pattern=r"^[^\x00-\x1f]*" + _END)]
_Money = Annotated[int, msgspec.Meta(ge=0, le=10**15)]  # VND


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
    procedure: Procedure | list[Procedure] = []
    answer: Answer | list[Answer] = []
    draft_kind: DraftKind | list[DraftKind] = []
    stage: DraftStage | list[DraftStage] = []
    item_type: _Id | list[_Id] = []
    step: _Id | list[_Id] = []

    def __post_init__(self) -> None:
        known = COUNTED.get(self.event)
        if known is None:
            raise ValueError(f"event {self.event!r} advances no items; those that do are {', '.join(sorted(COUNTED))}")
        for name in self.wanted():
            if name not in known:
                raise ValueError(f"{self.event} has no {name!r} to ask for; it has {', '.join(known)}")
        for name in self.wanted().get("item_type", ()):
            if name not in item_types():
                raise ValueError(f"no item type {name!r}; known are {', '.join(item_types())}")
        for code in self.wanted().get("province", ()):
            check_province(code)

    def wanted(self) -> Wanted:
        """Return the values asked for by attribute, attributes not asked for left out."""
        given = ((name, getattr(self, name)) for name in self.__struct_fields__ if name != "event")
        return {name: frozenset(map(str, [one] if isinstance(one, str) else one)) for name, one in given if one}


class _Work(_Part, frozen=True, kw_only=True):
    """What key tasks and items have in common. ``lead`` does the work, the plan's unit unless another is named."""

    id: _Id
    title: _Title
    lead: _Note = ""
    cooperating: Annotated[list[_Unit], msgspec.Meta(max_length=50)] = []
    legal_basis: Annotated[list[_Title], msgspec.Meta(max_length=20)] = []


class Item(_Work, frozen=True, kw_only=True):
    """A measurable part of a key task: ``target`` activities in the year. It may serve several programmes.

    ``budget`` is in VND; ``ad_hoc`` is an item that came up after the first approval (nhiệm vụ đột xuất).
    """

    target: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
    counts: Counts
    programmes: Annotated[list[_Title], msgspec.Meta(max_length=20)] = []
    budget: _Money = 0
    ad_hoc: bool = False


class KeyTask(_Work, frozen=True, kw_only=True):
    """One of the plan's key tasks; it is reached when all its items are."""

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

    ``approved_on`` is the day this text was approved; a changed text has the day of the change, and a ``reason`` for it.
    ``revises`` is the revision it was written from: of two changes made side by side the second is refused.
    ``budget`` is what may be spent in all, in VND; zero where the plan states none.
    """

    plan_id: _Id
    title: _Title
    unit: _Unit
    year: Annotated[int, msgspec.Meta(ge=1990, le=2099)]
    approved_on: date
    unit_province: ProvinceCode = ""
    key_tasks: Annotated[list[KeyTask], msgspec.Meta(min_length=1, max_length=100)]
    duties: Annotated[list[PeriodicDuty], msgspec.Meta(max_length=100)] = []
    approved_by: _Note = ""
    reason: _Note = ""
    revises: Annotated[int, msgspec.Meta(ge=1)] | None = None
    legal_basis: Annotated[list[_Title], msgspec.Meta(max_length=20)] = []
    budget: _Money = 0

    def __post_init__(self) -> None:
        check_year("approved_on", self.approved_on)
        if self.unit_province:
            check_province(self.unit_province)
        _check_unique("key task", (task.id for task in self.key_tasks))
        _check_unique("item", (item.id for item in self.items()))
        _check_unique("duty", (duty.duty for duty in self.duties))
        allotted = sum(item.budget for item in self.items())
        if self.budget and allotted > self.budget:
            raise ValueError(f"the items take {allotted} VND; the plan has {self.budget}")

    @property
    def approved_at(self) -> datetime:
        """The legal time of the approval: the beginning of its day in Viet Nam."""
        return datetime.combine(self.approved_on, time.min, tzinfo=HANOI).astimezone(UTC)

    def items(self) -> list[Item]:
        """Return the items of all key tasks."""
        return [item for task in self.key_tasks for item in task.items]


def _check_unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"two of the plan's {what}s have the id {one!r}")
        seen.add(one)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a revision did to one item: ``added``, ``dropped`` or ``changed``."""

    item_id: str
    title: str
    what: str
    target_before: int | None = None
    target: int | None = None


def changes_between(before: YearPlan, after: YearPlan) -> list[Change]:
    """Return what became of the items, in order of their ids."""
    old, new = ({item.id: item for item in plan.items()} for plan in (before, after))
    found = []
    for item_id in sorted(old.keys() | new.keys()):
        was, now = old.get(item_id), new.get(item_id)
        if was == now:
            continue
        shown = now or was
        found.append(
            Change(
                item_id=item_id,
                title=shown.title if shown is not None else "",
                what="added" if was is None else "dropped" if now is None else "changed",
                target_before=was.target if was is not None else None,
                target=now.target if now is not None else None,
            )
        )
    return found
