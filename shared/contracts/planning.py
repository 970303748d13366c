"""Events the planning service publishes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, Moment, contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import SAMPLE_PETROL, SAMPLE_SITE, Identifier, LongText, Product, Site, Text

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


@contract("planning.plan_approved")
class PlanApproved(Data, frozen=True, kw_only=True):
    """A year plan was approved; ``revision`` counts from 1, ``reason`` tells why it was changed, ``budget`` is in VND."""

    plan_id: Identifier
    unit: Identifier
    year: Annotated[int, msgspec.Meta(ge=1990, le=2099)]
    revision: Annotated[int, msgspec.Meta(ge=1)]
    key_tasks: Annotated[int, msgspec.Meta(ge=0)]
    items: Annotated[int, msgspec.Meta(ge=0)]
    duties: Annotated[int, msgspec.Meta(ge=0)] = 0
    budget: Annotated[int, msgspec.Meta(ge=0)] = 0
    approved_by: Annotated[str, msgspec.Meta(max_length=300)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=300)] = ""

    def order_key(self) -> str:
        return f"plan/{self.plan_id}"

    @classmethod
    def sample(cls) -> PlanApproved:
        return cls(
            observed_at=_SAMPLE_TIME,
            plan_id="SAMPLE-PLAN-2025",
            unit="SAMPLE-UNIT-46",
            year=2025,
            revision=1,
            key_tasks=10,
            items=24,
        )


@contract("planning.item_progressed")
class ItemProgressed(Data, frozen=True, kw_only=True):
    """An event counted towards a plan item: ``done`` of ``target`` after it."""

    plan_id: Identifier
    item_id: Identifier
    unit: Identifier
    title: Text
    done: Annotated[int, msgspec.Meta(ge=0)]
    target: Annotated[int, msgspec.Meta(ge=1)]
    added: Annotated[int, msgspec.Meta(ge=1)] = 1
    unit_province: str = ""

    @property
    def province(self) -> str:
        return self.unit_province

    @property
    def kind(self) -> str:
        return "reached" if self.done >= self.target else "under_way"

    def order_key(self) -> str:
        return f"plan/{self.plan_id}"

    @classmethod
    def sample(cls) -> ItemProgressed:
        return cls(
            observed_at=_SAMPLE_TIME,
            plan_id="SAMPLE-PLAN-2025",
            item_id="SAMPLE-ITEM-01",
            unit="SAMPLE-UNIT-46",
            title="Hai cuộc thanh tra xăng dầu",
            done=1,
            target=2,
            unit_province="46",
        )


@contract("planning.shortfall_explained")
class ShortfallExplained(OfUnit, frozen=True, kw_only=True):
    """A unit explained why an item of its plan was not reached: ``done`` of ``target``."""

    plan_id: Identifier
    item_id: Identifier
    title: Text
    done: Annotated[int, msgspec.Meta(ge=0)]
    target: Annotated[int, msgspec.Meta(ge=1)]
    by: Text
    explanation: LongText

    def order_key(self) -> str:
        return f"plan/{self.plan_id}"

    @classmethod
    def sample(cls) -> ShortfallExplained:
        return cls(
            observed_at=datetime(2026, 1, 5, 2, 30, tzinfo=UTC),
            plan_id="SAMPLE-PLAN-2025",
            item_id="SAMPLE-ITEM-01",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Hai cuộc thanh tra xăng dầu",
            done=1,
            target=2,
            by="Chi cục trưởng (mẫu)",
            explanation="Mẫu: một cuộc thanh tra hoãn sang năm sau vì bão lũ.",
        )


class ReturnReason(StrEnum):
    """Why a directive went back to where it came from."""

    ARRIVED_LATE = "arrived_late"
    WRONG_RECIPIENT = "wrong_recipient"


class _OfTask(OfUnit, frozen=True, kw_only=True):
    """What events about a task have in common."""

    task_id: Identifier
    title: Text

    def order_key(self) -> str:
        return f"task/{self.task_id}"


@contract("planning.task_assigned")
class TaskAssigned(_OfTask, frozen=True, kw_only=True):
    """A unit set itself a task beside its plan."""

    due_at: Moment | None = None

    @classmethod
    def sample(cls) -> TaskAssigned:
        return cls(
            observed_at=_SAMPLE_TIME,
            task_id="SAMPLE-TASK-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Kiểm tra đột xuất cây xăng theo phản ánh",
            due_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
        )


@contract("planning.task_done")
class TaskDone(_OfTask, frozen=True, kw_only=True):
    """A task was done."""

    by: Text
    note: LongText = ""

    @classmethod
    def sample(cls) -> TaskDone:
        return cls(
            observed_at=datetime(2025, 3, 19, 2, 0, tzinfo=UTC),
            task_id="SAMPLE-TASK-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Kiểm tra đột xuất cây xăng theo phản ánh",
            by="Phòng Quản lý đo lường (mẫu)",
        )


@contract("planning.directive_returned")
class DirectiveReturned(_OfTask, frozen=True, kw_only=True):
    """A directive went back to where it came from: its time was over on arrival, or it was for somebody else.

    ``number`` and ``issuer`` are those of the directive.
    """

    reason: ReturnReason
    number: Text
    issuer: Text
    by: Annotated[str, msgspec.Meta(max_length=300)] = ""
    note: LongText = ""

    @property
    def kind(self) -> str:
        return str(self.reason)

    @classmethod
    def sample(cls) -> DirectiveReturned:
        return cls(
            observed_at=_SAMPLE_TIME,
            task_id="SAMPLE-DIRECTIVE-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Báo cáo tình hình kiểm tra cột đo xăng dầu",
            reason=ReturnReason.ARRIVED_LATE,
            number="123/TĐC-ĐL (mẫu)",
            issuer="Cơ quan cấp trên (mẫu)",
        )


@contract("planning.inspection_proposed")
class InspectionProposed(Data, frozen=True, kw_only=True):
    """A targeted inspection is proposed; ``score`` is the risk (0 to 1) and ``reasons`` explain it."""

    proposal_id: Identifier
    site: Site
    product: Product
    score: Decimal
    reasons: Annotated[list[Text], msgspec.Meta(max_length=20)]
    not_after: date

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> InspectionProposed:
        return cls(
            observed_at=_SAMPLE_TIME,
            proposal_id="SAMPLE-PROPOSAL-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            score=Decimal("0.62"),
            reasons=["violation fuel_quality on 2025-03-14"],
            not_after=date(2025, 4, 14),
        )


class _Deadline(Data, frozen=True, kw_only=True):
    """What both deadline events tell of a statutory clock; ``unit`` owes the duty where it is not a site's."""

    clock_id: Identifier
    duty: Identifier
    source: Text
    due_at: datetime
    about: Identifier
    case_id: str = ""
    site: Site | None = None
    product: Product | None = None
    subject_kind: str = ""
    title: Annotated[str, msgspec.Meta(max_length=300)] = ""
    unit: str = ""
    unit_province: str = ""

    @property
    def province(self) -> str:
        return self.site.province if self.site is not None else self.unit_province

    @property
    def kind(self) -> str:
        return self.duty

    def order_key(self) -> str:
        return f"clock/{self.clock_id}"


@contract("planning.deadline_approaching")
class DeadlineApproaching(_Deadline, frozen=True, kw_only=True):
    """A statutory clock is close to its due time and the act that satisfies it has not been seen.

    ``duty`` is the clock's rule, ``about`` the id of the violation, measure or document that started it.
    """

    @classmethod
    def sample(cls) -> DeadlineApproaching:
        return cls(
            observed_at=datetime(2025, 3, 17, 10, 0, tzinfo=UTC),
            clock_id="SAMPLE-CLOCK-0001",
            duty="handling_decision",
            source="Luật 05/2007/QH12 Điều 47(6)",
            due_at=datetime(2025, 3, 18, 10, 0, tzinfo=UTC),
            about="SAMPLE-CASE-0001",
            case_id="SAMPLE-CASE-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
        )


@contract("planning.deadline_missed")
class DeadlineMissed(_Deadline, frozen=True, kw_only=True):
    """A statutory clock ran out.

    ``late_on_arrival`` marks one that was over before its start reached us, ``cut_short`` a period that was ended before
    the time it must last; ``observed_at`` is then when it was ended.
    """

    late_on_arrival: bool = False
    cut_short: bool = False

    @classmethod
    def sample(cls) -> DeadlineMissed:
        return cls(
            observed_at=datetime(2025, 3, 18, 10, 0, tzinfo=UTC),
            clock_id="SAMPLE-CLOCK-0001",
            duty="handling_decision",
            source="Luật 05/2007/QH12 Điều 47(6)",
            due_at=datetime(2025, 3, 18, 10, 0, tzinfo=UTC),
            about="SAMPLE-CASE-0001",
            case_id="SAMPLE-CASE-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
        )
