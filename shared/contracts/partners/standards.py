"""Events of the drafting bodies: how a standard, a regulation or a drafting plan advances."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from shared.contracts.envelope import contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier, Text


class DraftKind(StrEnum):
    """What is drafted."""

    NATIONAL_STANDARD = "national_standard"  # TCVN
    NATIONAL_REGULATION = "national_regulation"  # QCVN
    LOCAL_REGULATION = "local_regulation"  # QCĐP
    DRAFTING_PLAN = "drafting_plan"


class DraftStage(StrEnum):
    """A step that a draft has reached."""

    SENT_FOR_COMMENTS = "sent_for_comments"
    COMMENTS_CLOSED = "comments_closed"
    APPRAISAL_FILE_VALID = "appraisal_file_valid"
    APPRAISED = "appraised"
    ISSUED = "issued"
    REVIEWED = "reviewed"


@contract("standards.draft_advanced")
class DraftAdvanced(OfUnit, frozen=True, kw_only=True):
    """A draft reached a stage; ``unit`` drafts it. ``urgent`` is a matter of health, safety or the environment."""

    draft_id: Identifier
    draft_kind: DraftKind
    stage: DraftStage
    title: Text
    urgent: bool = False

    @property
    def kind(self) -> str:
        return str(self.draft_kind)

    def order_key(self) -> str:
        return f"draft/{self.draft_id}"

    @classmethod
    def sample(cls) -> DraftAdvanced:
        return cls(
            observed_at=datetime(2025, 3, 14, 2, 30, tzinfo=UTC),
            draft_id="SAMPLE-TCVN-0001",
            draft_kind=DraftKind.NATIONAL_STANDARD,
            stage=DraftStage.SENT_FOR_COMMENTS,
            title="Dự thảo TCVN mẫu về mũ bảo hiểm",
            unit="SAMPLE-UNIT-NATIONAL",
        )
