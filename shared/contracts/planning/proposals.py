"""Planning's events about inspections worth making."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.vocabulary import SAMPLE_PETROL, SAMPLE_SITE, Identifier, Product, Site, Text

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


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
