"""Events about matches: what a foreign alert or a complaint was found to be about."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.vocabulary import SAMPLE_SITE, LongText, Product, ProductGroup, Site


class ConcernKind(StrEnum):
    """Who raised a concern about a product."""

    ALERT = "alert"  # another country's authority
    COMPLAINT = "complaint"


@contract("inspection.match_confirmed")
class MatchConfirmed(Data, frozen=True, kw_only=True):
    """An officer confirmed that a foreign alert or a complaint is about a product, or a site, of the registers.

    ``sites`` are those where the product was met in the twelve months before, the latest first, or the one site that the
    complaint is about. ``score`` is how alike the two were (0 to 100); ``reason`` is the officer's.
    """

    match_id: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    concern: ConcernKind
    concern_id: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    product: Product
    sites: Annotated[list[Site], msgspec.Meta(max_length=50)] = []
    score: Annotated[int, msgspec.Meta(ge=0, le=100)]
    reason: LongText

    @property
    def kind(self) -> str:
        return str(self.concern)

    def order_key(self) -> str:
        return f"match/{self.match_id}"

    @classmethod
    def sample(cls) -> MatchConfirmed:
        return cls(
            observed_at=datetime(2025, 3, 17, 3, 0, tzinfo=UTC),
            match_id="SAMPLE-MATCH-0001",
            concern=ConcernKind.ALERT,
            concern_id="alert/safety_gate/SAMPLE-A12/00001/25",
            product=Product(group=ProductGroup.TOY, name="Búp bê mẫu", brand="SAMPLE", origin="China"),
            sites=[SAMPLE_SITE],
            score=85,
            reason="Mẫu: cùng nhãn hiệu và kiểu, nhập khẩu tháng 2.",
        )
