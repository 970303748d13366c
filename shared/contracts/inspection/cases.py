"""Events about cases: what the authority does about violations, from the opening to the closing."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.inspection.findings import ViolationKind
from shared.contracts.vocabulary import (
    SAMPLE_PETROL,
    SAMPLE_SITE,
    Identifier,
    LongText,
    Measure,
    Product,
    Site,
    Text,
    Track,
)

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class CloseReason(StrEnum):
    """Why a case was closed."""

    REMEDIED = "remedied"
    TRANSFERRED = "transferred"
    UNFOUNDED = "unfounded"


@contract("inspection.case_opened")
class CaseOpened(Data, frozen=True, kw_only=True):
    """A case was opened for a site and product that had none open."""

    case_id: Identifier
    violation_id: Identifier
    site: Site
    product: Product
    track: Track
    violation_kind: ViolationKind

    @property
    def kind(self) -> str:
        return str(self.violation_kind)

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> CaseOpened:
        return cls(
            observed_at=_SAMPLE_TIME,
            case_id="SAMPLE-CASE-0001",
            violation_id="SAMPLE-VIOLATION-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            track=Track.TEST_RESULTS,
            violation_kind=ViolationKind.FUEL_QUALITY,
        )


@contract("inspection.measure_ordered")
class MeasureOrdered(Data, frozen=True, kw_only=True):
    """A measure was ordered in a case; ``source`` is the article that empowers it."""

    case_id: Identifier
    site: Site
    product: Product
    track: Track
    measure: Measure
    source: Text
    note: LongText = ""

    @property
    def kind(self) -> str:
        return str(self.measure)

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> MeasureOrdered:
        return cls(
            observed_at=_SAMPLE_TIME,
            case_id="SAMPLE-CASE-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            track=Track.TEST_RESULTS,
            measure=Measure.SEAL_AND_STOP_SALE,
            source="Luật 05/2007/QH12 Điều 40(2)(a)",
        )


@contract("inspection.case_closed")
class CaseClosed(Data, frozen=True, kw_only=True):
    """A case was closed; ``findings`` is how many violations had joined it."""

    case_id: Identifier
    site: Site
    product: Product
    track: Track
    reason: CloseReason
    findings: Annotated[int, msgspec.Meta(ge=1)] = 1
    note: LongText = ""

    @property
    def kind(self) -> str:
        return str(self.reason)

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> CaseClosed:
        return cls(
            observed_at=datetime(2025, 3, 18, 3, 0, tzinfo=UTC),
            case_id="SAMPLE-CASE-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            track=Track.TEST_RESULTS,
            reason=CloseReason.REMEDIED,
        )
