"""Events by which units report their everyday work on the survey portal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier

_Name = Annotated[str, msgspec.Meta(max_length=60, pattern=r"^[a-z][a-z0-9_]*$(?!\n)")]


@contract("survey.work_reported")
class WorkReported(OfUnit, frozen=True, kw_only=True):
    """A unit reported a step of its work: of an ``item_type`` and a ``step`` that planning's item types list.

    ``work_id`` is the piece of work, whose steps belong together; ``about`` is whom it concerns: an agency, a market, a body.
    """

    work_id: Identifier
    item_type: _Name
    step: _Name
    title: Annotated[str, msgspec.Meta(max_length=300)] = ""
    about: Annotated[str, msgspec.Meta(max_length=120)] = ""
    count: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1

    @property
    def kind(self) -> str:
        return f"{self.item_type}/{self.step}"

    def order_key(self) -> str:
        return f"work/{self.item_type}/{self.work_id}"

    @classmethod
    def sample(cls) -> WorkReported:
        return cls(
            observed_at=datetime(2025, 3, 14, 2, 30, tzinfo=UTC),
            work_id="SAMPLE-WORK-0001",
            item_type="market_check_scales",
            step="checked",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Kiểm tra cân đối chứng tại chợ mẫu",
            about="SAMPLE-MARKET-0001",
        )
