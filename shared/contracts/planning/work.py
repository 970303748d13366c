"""Planning's event about the everyday work of units."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier


@contract("planning.work_recorded")
class WorkRecorded(OfUnit, frozen=True, kw_only=True):
    """A step of a unit's work was recorded under its item type, whichever event told of it; ``about`` is whom it concerns."""

    work_id: Identifier
    item_type: Identifier
    step: Identifier
    about: Annotated[str, msgspec.Meta(max_length=120)] = ""
    count: Annotated[int, msgspec.Meta(ge=1)] = 1

    @property
    def kind(self) -> str:
        return f"{self.item_type}/{self.step}"

    def order_key(self) -> str:
        return f"work/{self.item_type}/{self.work_id}"

    @classmethod
    def sample(cls) -> WorkRecorded:
        return cls(
            observed_at=datetime(2025, 3, 14, 2, 30, tzinfo=UTC),
            work_id="SAMPLE-WORK-0001",
            item_type="market_check_scales",
            step="checked",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            about="SAMPLE-MARKET-0001",
        )
