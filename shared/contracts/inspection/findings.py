"""Events about what was found: verdicts and violations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.vocabulary import (
    SAMPLE_PETROL,
    SAMPLE_SITE,
    Breach,
    Identifier,
    Outcome,
    Product,
    RiskLevel,
    Site,
    Text,
    Track,
)

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)
_SAMPLE_BREACH = Breach(parameter="sulfur", measured=Decimal(62), limit=Decimal(50), unit="mg/kg")


class ViolationKind(StrEnum):
    """What was violated; one kind for each family of rules. A dimension of the roll-ups."""

    FUEL_QUALITY = "fuel_quality"
    DISPENSER_ERROR = "dispenser_error"
    SCALE_ERROR = "scale_error"
    PREPACKAGE_QUANTITY = "prepackage_quantity"
    VERIFICATION_LAPSED = "verification_lapsed"
    CONFORMITY_MARK_MISSING = "conformity_mark_missing"
    CONFORMITY_MARK_FALSE = "conformity_mark_false"
    CONFORMITY_NOT_DECLARED = "conformity_not_declared"
    CERTIFICATE_SUPERSEDED = "certificate_superseded"
    LABEL_INCOMPLETE = "label_incomplete"
    HELMET_SAFETY = "helmet_safety"
    TOY_SAFETY = "toy_safety"
    ELECTRICAL_SAFETY = "electrical_safety"
    ELECTROMAGNETIC_DISTURBANCE = "electromagnetic_disturbance"


class RuleReference(msgspec.Struct, frozen=True, kw_only=True):
    """The rule a verdict rests on, in the version that was valid on the legal day.

    ``source`` is the legal text it was typed from; ``verified`` is false where the number could not be checked there.
    ``decision`` is the decision rule by which measurement uncertainty was weighed (JCGM 106, ILAC-G8).
    """

    name: Identifier
    valid_from: date
    source: Text
    verified: bool = True
    decision: Identifier = "simple_acceptance"


class RiskBasis(msgspec.Struct, frozen=True, kw_only=True):
    """The default scenario that a violation's risk level rests on until a person assesses it.

    ``probability`` is that of ``harm``, exactly, as a fraction; ``severity`` is 1 to 4. ``is_sensitive``: one band more or
    less would change the level. ``verified`` is false where the probabilities are the judgement of the office.
    """

    harm: Text
    probability: Text
    severity: Annotated[int, msgspec.Meta(ge=1, le=4)]
    is_sensitive: bool
    valid_from: date
    source: Text
    verified: bool = False


@contract("inspection.verdict_reached")
class VerdictReached(Data, frozen=True, kw_only=True):
    """A rule was applied to a finding. ``finding_id`` is the id of the event the finding came with."""

    finding_id: Identifier
    site: Site
    product: Product
    rule: RuleReference
    outcome: Outcome
    violation_kind: ViolationKind
    breaches: list[Breach] = []

    @property
    def kind(self) -> str:
        return str(self.outcome)

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> VerdictReached:
        return cls(
            observed_at=_SAMPLE_TIME,
            finding_id="SAMPLE-LAB-000001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            rule=RuleReference(name="fuel_meets_qcvn_1", valid_from=date(2023, 6, 15), source="QCVN 1:2022/BKHCN"),
            outcome=Outcome.NONCONFORMING,
            violation_kind=ViolationKind.FUEL_QUALITY,
            breaches=[_SAMPLE_BREACH],
        )


@contract("inspection.violation_detected")
class ViolationDetected(Data, frozen=True, kw_only=True):
    """A finding does not conform. ``track`` is the procedure it follows.

    ``risk_level`` is how dangerous it is by the default scenario in ``risk_basis``; a case may come to another one.
    """

    violation_id: Identifier
    finding_id: Identifier
    site: Site
    product: Product
    rule: RuleReference
    violation_kind: ViolationKind
    track: Track
    breaches: Annotated[list[Breach], msgspec.Meta(max_length=100)] = []
    risk_level: RiskLevel = RiskLevel.NOT_STATED
    risk_basis: RiskBasis | None = None

    @property
    def kind(self) -> str:
        return str(self.violation_kind)

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> ViolationDetected:
        return cls(
            observed_at=_SAMPLE_TIME,
            violation_id="SAMPLE-VIOLATION-0001",
            finding_id="SAMPLE-LAB-000001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            rule=RuleReference(name="fuel_meets_qcvn_1", valid_from=date(2023, 6, 15), source="QCVN 1:2022/BKHCN"),
            violation_kind=ViolationKind.FUEL_QUALITY,
            track=Track.TEST_RESULTS,
            breaches=[_SAMPLE_BREACH],
            risk_level=RiskLevel.MEDIUM,
            risk_basis=RiskBasis(
                harm="Động cơ hư hỏng khi đang chạy, người đi xe bị thương",
                probability="1/2000",
                severity=2,
                is_sensitive=True,
                valid_from=date(2000, 1, 1),
                source="Phán đoán nghiệp vụ, chưa thẩm định, theo phương pháp của Quyết định (EU) 2019/417",
            ),
        )
