"""Events of foreign alert feeds and of the complaint desk."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.vocabulary import (
    SAMPLE_PETROL,
    SAMPLE_SITE,
    Country,
    Identifier,
    LongText,
    Product,
    ProductGroup,
    RiskLevel,
    Site,
    Text,
)

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class TimePrecision(StrEnum):
    """How exactly ``observed_at`` is known; a source that states only a year gets its first day."""

    INSTANT = "instant"
    DAY = "day"
    YEAR = "year"


@contract("market.alert_published")
class AlertPublished(Data, frozen=True, kw_only=True):
    """Another country's authority published an alert about a product."""

    alert_number: Identifier
    system: Identifier
    product: Product
    precision: TimePrecision = TimePrecision.INSTANT
    notifying_country: Country = ""
    risk_level: RiskLevel = RiskLevel.NOT_STATED
    risk_types: Annotated[list[Text], msgspec.Meta(max_length=20)] = []
    risk: LongText = ""
    measures: LongText = ""
    source_url: LongText = ""

    def order_key(self) -> str:
        return f"alert/{self.system}/{self.alert_number}"

    @property
    def kind(self) -> str:
        return self.system

    @classmethod
    def sample(cls) -> AlertPublished:
        return cls(
            observed_at=_SAMPLE_TIME,
            alert_number="SAMPLE-A12/00001/25",
            system="safety_gate",
            product=Product(group=ProductGroup.TOY, name="Búp bê mẫu", brand="SAMPLE", origin="China"),
            notifying_country="Germany",
            risk_level=RiskLevel.SERIOUS,
            risk_types=["Chemical"],
            risk="Sample: the plastic contains more than 0.1 % of DEHP.",
        )


@contract("market.complaint_received")
class ComplaintReceived(Data, frozen=True, kw_only=True):
    """A consumer complained about a product or a site; no personal data of the complainant is carried."""

    complaint_id: Identifier
    site: Site
    product: Product
    text: LongText = ""

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> ComplaintReceived:
        return cls(
            observed_at=_SAMPLE_TIME,
            complaint_id="SAMPLE-COMPLAINT-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            text="Mẫu: bơm 10 lít nhưng bình chỉ nhận khoảng 9,7 lít.",
        )
