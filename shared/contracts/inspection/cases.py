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
    RiskLevel,
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
    DISPOSED = "disposed"  # the goods were re-exported, destroyed or recycled


class ReopenReason(StrEnum):
    """Why a closed case was opened again."""

    NEW_EVIDENCE = "new_evidence"
    REMEDY_FAILED = "remedy_failed"
    CLOSED_IN_ERROR = "closed_in_error"
    COMPLAINT_UPHELD = "complaint_upheld"


class Referral(StrEnum):
    """Whom a case was told to, because part of it is theirs to act on."""

    CUSTOMS = "customs"
    OTHER_PROVINCE = "other_province"
    PRODUCTION_INSPECTION = "production_inspection"
    CENTRAL_AGENCY = "central_agency"
    SANCTIONING_AUTHORITY = "sanctioning_authority"


@contract("inspection.case_opened")
class CaseOpened(Data, frozen=True, kw_only=True):
    """A case was opened for a site and product that had none open; ``risk_level`` is that of the case at this moment."""

    case_id: Identifier
    violation_id: Identifier
    site: Site
    product: Product
    track: Track
    violation_kind: ViolationKind
    risk_level: RiskLevel = RiskLevel.NOT_STATED

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
            risk_level=RiskLevel.MEDIUM,
        )


@contract("inspection.case_reopened")
class CaseReopened(CaseOpened, frozen=True, kw_only=True):
    """A closed case was opened again, for the ``opening``-th time in all."""

    opening: Annotated[int, msgspec.Meta(ge=2)]
    reason: ReopenReason
    note: LongText = ""

    @property
    def kind(self) -> str:
        return str(self.reason)

    @classmethod
    def sample(cls) -> CaseReopened:
        return cls(
            observed_at=datetime(2025, 4, 2, 3, 0, tzinfo=UTC),
            case_id="SAMPLE-CASE-0001",
            violation_id="SAMPLE-VIOLATION-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            track=Track.TEST_RESULTS,
            violation_kind=ViolationKind.FUEL_QUALITY,
            opening=2,
            reason=ReopenReason.NEW_EVIDENCE,
        )


@contract("inspection.act_taken")
class ActTaken(Data, frozen=True, kw_only=True):
    """Something was done in a case that has no event of its own; ``source`` is the article it rests on.

    ``act`` is its stored name: establish_continuation, find_threat, find_serious_violation, find_term_expired, conclude,
    propose_publication, transfer, refer, resume, unseal, issue_paper, assess_risk, validate_risk, record_illegal_gain.
    ``risk_level`` is the level that the two about risk state; ``illegal_gain`` is by how many VND the last one changes what
    is on record in the case.
    """

    case_id: Identifier
    site: Site
    product: Product
    track: Track
    act: Identifier
    source: Text
    note: LongText = ""
    risk_level: RiskLevel = RiskLevel.NOT_STATED
    illegal_gain: int = 0

    @property
    def kind(self) -> str:
        return self.act

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> ActTaken:
        return cls(
            observed_at=datetime(2025, 3, 20, 3, 0, tzinfo=UTC),
            case_id="SAMPLE-CASE-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            track=Track.TEST_RESULTS,
            act="conclude",
            source="Luật 05/2007/QH12 Điều 47(8)",
        )


@contract("inspection.publication_decided")
class PublicationDecided(Data, frozen=True, kw_only=True):
    """The name of a violator was decided to be made public, by the article ``source``; before this it is secret.

    ``degree`` is how far the goods or the measurement do not conform, in words for everyone.
    """

    case_id: Identifier
    site: Site
    product: Product
    track: Track
    violation_kind: ViolationKind
    degree: Text
    source: Text

    @property
    def kind(self) -> str:
        return str(self.violation_kind)

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> PublicationDecided:
        return cls(
            observed_at=datetime(2025, 3, 25, 3, 0, tzinfo=UTC),
            case_id="SAMPLE-CASE-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            track=Track.TEST_RESULTS,
            violation_kind=ViolationKind.FUEL_QUALITY,
            degree="Mẫu: hàm lượng lưu huỳnh 62 mg/kg, giới hạn 50 mg/kg.",
            source="Luật 05/2007/QH12 Điều 40(2)(c)",
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
    """A case was closed; ``findings`` is how many violations had joined it, ``opening`` how often it had been opened."""

    case_id: Identifier
    site: Site
    product: Product
    track: Track
    reason: CloseReason
    findings: Annotated[int, msgspec.Meta(ge=1)] = 1
    note: LongText = ""
    opening: Annotated[int, msgspec.Meta(ge=1)] = 1

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
