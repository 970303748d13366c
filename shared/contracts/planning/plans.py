"""Planning's events about year plans and their items."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier, LongText, Text

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
