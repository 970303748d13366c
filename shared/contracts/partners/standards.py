"""Events of the drafting bodies: how a standard, a regulation or a drafting plan advances."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import check_year, contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier, Text


class DraftKind(StrEnum):
    """What is drafted."""

    NATIONAL_STANDARD = "national_standard"  # TCVN
    NATIONAL_REGULATION = "national_regulation"  # QCVN
    LOCAL_REGULATION = "local_regulation"  # QCĐP
    DRAFTING_PLAN = "drafting_plan"


class DraftStage(StrEnum):
    """A step that a draft has reached, or what was made of it after it was issued."""

    PLANNED = "planned"
    SENT_FOR_COMMENTS = "sent_for_comments"
    COMMENTS_CLOSED = "comments_closed"
    APPRAISAL_FILE_VALID = "appraisal_file_valid"
    APPRAISAL_RETURNED = "appraisal_returned"  # the appraisal does not agree: the draft is worked over
    APPRAISED = "appraised"  # the appraisal agrees; for a local regulation, the ministry of its field does
    WITHDRAWN = "withdrawn"
    ISSUED = "issued"
    ANNOUNCED = "announced"
    REGISTERED = "registered"
    PUBLISHED = "published"
    REVIEWED = "reviewed"
    REPEALED = "repealed"


# A standard may have parts, and one decision may issue many.
DraftCount = Annotated[int, msgspec.Meta(ge=1, le=1000)]


@contract("standards.draft_advanced")
class DraftAdvanced(OfUnit, frozen=True, kw_only=True):
    """A draft reached a stage; ``unit`` drafts it. ``urgent`` is a matter of health, safety or the environment.

    ``count`` is how many standards or regulations it holds, ``number`` the paper's number, ``in_force_on`` when what was
    issued takes effect. ``affects_trade`` and ``follows_international`` (a relevant international standard) are absent where
    they were not assessed.
    """

    draft_id: Identifier
    draft_kind: DraftKind
    stage: DraftStage
    title: Text
    urgent: bool = False
    count: DraftCount = 1
    number: Annotated[str, msgspec.Meta(max_length=300)] = ""
    in_force_on: date | None = None
    affects_trade: bool | None = None
    follows_international: bool | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.in_force_on is not None:
            check_year("in_force_on", self.in_force_on)

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
