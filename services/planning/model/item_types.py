"""Item types: what kinds of everyday work units do, which events tell of each step, and the time limits beside it.

An item type is a file, not code: its steps, its clocks, the share of the work that must be done in one way, and the names of
other duties that belong to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import msgspec

from services.planning.model.acts import PERIOD_DONE, period_began, work_done
from services.planning.model.clocks import ClockRule
from shared.contracts.partners import WorkReported
from shared.contracts.registry import contracts
from shared.kernel.deadlines import EachYear, Limit, Term, Unit

_COMMON_YEAR = 2025  # any year that is no leap year
_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_MonthDay = Annotated[str, msgspec.Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$(?!\n)")]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of an item type: a misspelt name is an error, not a default."""


class Step(_Part, frozen=True, kw_only=True):
    """A step of the work, told by ``event`` where its attributes have the values ``where``.

    ``work_id`` and ``about`` name the attributes that say which piece of work it is and whom it concerns.
    """

    name: _Words
    vi: _Words
    en: _Words
    event: str = WorkReported.type
    where: Mapping[str, str | bool] = {}
    work_id: str = "work_id"
    about: str = ""

    def __post_init__(self) -> None:
        contract = contracts().get(self.event)
        if contract is None:
            raise ValueError(f"no event is called {self.event!r}")
        for name in (*self.where, self.work_id, *([self.about] if self.about else [])):
            if name not in contract.data.__struct_fields__:
                raise ValueError(f"{self.event} has no {name!r}; it has {', '.join(contract.data.__struct_fields__)}")

    def is_told_by(self, data: Any) -> bool:
        """Tell whether the data of an event of this type are this step."""
        return all(getattr(data, name) == wanted for name, wanted in self.where.items())


class ClockPart(_Part, frozen=True, kw_only=True):
    """A duty with a time limit: started and stopped by steps or by acts, or due on days of the calendar (``each_year``).

    Without an ``amount`` and days the law sets no time, and the duty is open until it is done.
    """

    duty: _Words
    vi: _Words
    en: _Words
    source: _Words
    rows: list[str] = []
    starts: list[str] = []
    stops: list[str] = []
    amount: Annotated[int, msgspec.Meta(ge=1)] | None = None
    unit: Unit = Unit.DAY
    each_year: list[_MonthDay] = []
    of_year_before: bool = False
    warn_days: Annotated[int, msgspec.Meta(ge=0)] = 0
    verified: bool = True

    def __post_init__(self) -> None:
        if bool(self.each_year) == bool(self.starts):
            raise ValueError(f"{self.duty}: give either days of the year or what starts it")
        if bool(self.starts) != bool(self.stops):
            raise ValueError(f"{self.duty}: what starts it and what stops it belong together")
        for one in self.each_year:
            date.fromisoformat(f"{_COMMON_YEAR}-{one}")

    @property
    def limit(self) -> Limit | None:
        """The time limit in the terms of the kernel."""
        if self.each_year:
            days = [one.split("-") for one in self.each_year]
            return EachYear(tuple((int(month), int(day)) for month, day in days))
        return None if self.amount is None else Term(self.amount, self.unit)


class Share(_Part, frozen=True, kw_only=True):
    """How much of the work ``among`` some steps is ``of`` others, told apart by whom it is about.

    ``least`` is the share that must be reached, as a fraction; without it the share is only shown.
    """

    of: list[str]
    among: list[str]
    least: tuple[int, int] | None = None
    source: str = ""

    def needed(self, among: int) -> int:
        """Return how many of ``among`` must be reached: the next whole number."""
        if self.least is None:
            return 0
        part, whole = self.least
        return -(-among * part // whole)


class ItemType(_Part, frozen=True, kw_only=True):
    """A kind of work as its file has it; ``duties`` are those of other rules that belong to it."""

    name: _Words
    vi: _Words
    en: _Words
    source: _Words
    steps: Annotated[list[Step], msgspec.Meta(min_length=1)]
    clocks: list[ClockPart] = []
    duties: list[str] = []
    share: Share | None = None

    def __post_init__(self) -> None:
        known = {step.name for step in self.steps}
        asked = [name for clock in self.clocks for name in (*clock.starts, *clock.stops) if not _is_act(name)]
        asked += [*self.share.of, *self.share.among] if self.share is not None else []
        for name in asked:
            if name not in known:
                raise ValueError(f"{self.name} has no step {name!r}; it has {', '.join(sorted(known))}")

    def clock_rules(self) -> list[ClockRule]:
        """Return the clocks that the type declares itself."""
        return [self._rule(one) for one in self.clocks]

    def _rule(self, one: ClockPart) -> ClockRule:
        starts = [period_began(one.duty)] if one.each_year else [self._act(name) for name in one.starts]
        stops = [PERIOD_DONE] if one.each_year else [self._act(name) for name in one.stops]
        return ClockRule(
            duty=one.duty,
            rows=tuple(one.rows),
            vi=one.vi,
            en=one.en,
            started_by=tuple(starts),
            stopped_by=tuple(stops),
            limit=one.limit,
            warn_before=timedelta(days=one.warn_days),
            source=one.source,
            verified=one.verified,
            of_year_before=one.of_year_before,
        )

    def _act(self, name: str) -> str:
        return name if _is_act(name) else work_done(self.name, name)


def _is_act(name: str) -> bool:
    """Tell an act of another event, which has its type in front, from a step."""
    return "." in name


def item_type_from(name: str, document: dict[str, Any]) -> ItemType:
    """Read an item type from what a TOML parser returned; raise ``msgspec.ValidationError`` that names the place."""
    return msgspec.convert({**document, "name": name}, ItemType, strict=True)
