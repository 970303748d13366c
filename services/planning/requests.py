"""What may stand in the query of an address, read strictly: a misspelt name is refused, not ignored."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from services.planning.model.clocks import ClockState
from services.planning.model.targeting import first_day
from services.planning.model.tasks import TaskState
from shared.contracts.partners import DraftKind, DraftStage
from shared.contracts.vocabulary import check_province

_Limit = Annotated[int, msgspec.Meta(ge=1, le=1000)]
_Year = Annotated[int, msgspec.Meta(ge=1990, le=2099)]


class _Query(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class PlansQuery(_Query, frozen=True, kw_only=True):
    """Which plans are asked for."""

    year: _Year | None = None


class TasksQuery(_Query, frozen=True, kw_only=True):
    """Which tasks are asked for."""

    unit: str = ""
    state: TaskState | None = None
    limit: _Limit = 100


class DraftsQuery(_Query, frozen=True, kw_only=True):
    """Which drafts are asked for."""

    kind: DraftKind | None = None
    stage: DraftStage | None = None
    unit: str = ""
    limit: _Limit = 100


class WorkQuery(_Query, frozen=True, kw_only=True):
    """Whose work of which year; the present one without it."""

    year: _Year | None = None
    unit: str = ""


class DayQuery(_Query, frozen=True, kw_only=True):
    """Which day is meant; today without it."""

    on: date | None = None


class ClocksQuery(_Query, frozen=True, kw_only=True):
    """Which clocks are asked for."""

    state: ClockState | None = None
    limit: _Limit = 100


class ProvinceQuery(_Query, frozen=True, kw_only=True):
    """Which province, with those that have become part of it; all of them without one."""

    province: str = ""

    def __post_init__(self) -> None:
        if self.province:
            check_province(self.province)


class RiskQuery(ProvinceQuery, frozen=True, kw_only=True):
    """Which sites are asked for."""

    limit: _Limit = 100


class ProposalsQuery(ProvinceQuery, frozen=True, kw_only=True):
    """Which proposals are asked for; ``month``, as 2025-04, is the one whose visits were chosen."""

    month: str = ""
    limit: _Limit = 100

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.month:
            first_day(self.month)

    @property
    def chosen_for(self) -> date | None:
        return first_day(self.month) if self.month else None
