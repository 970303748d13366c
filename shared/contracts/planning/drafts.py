"""Events about drafts of standards and regulations."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Moment, contract
from shared.contracts.partners.standards import DraftCount, DraftKind, DraftStage
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier, LongText, Text

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class NotNotified(StrEnum):
    """Why a draft regulation needs no notification to the WTO (TBT Agreement, Art. 2.9)."""

    FOLLOWS_INTERNATIONAL = "follows_international"
    NO_SIGNIFICANT_EFFECT = "no_significant_effect"


class _OfDraft(OfUnit, frozen=True, kw_only=True):
    """What events about a draft have in common; ``unit`` drafts it."""

    draft_id: Identifier
    draft_kind: DraftKind
    title: Text
    urgent: bool = False

    def order_key(self) -> str:
        return f"draft/{self.draft_id}"


@contract("planning.draft_moved")
class DraftMoved(_OfDraft, frozen=True, kw_only=True):
    """A draft reached a stage, whoever said so: once for each stage and time.

    ``count`` is how many standards or regulations it holds. ``objection`` is the article that a stage reported by an outside
    body broke, empty where the order and the least times were kept.
    """

    stage: DraftStage
    count: DraftCount = 1
    number: Annotated[str, msgspec.Meta(max_length=300)] = ""
    by: Annotated[str, msgspec.Meta(max_length=300)] = ""
    objection: Annotated[str, msgspec.Meta(max_length=300)] = ""

    @property
    def kind(self) -> str:
        return f"{self.draft_kind}/{self.stage}"

    @classmethod
    def sample(cls) -> DraftMoved:
        return cls(
            observed_at=_SAMPLE_TIME,
            draft_id="SAMPLE-TCVN-0001",
            draft_kind=DraftKind.NATIONAL_STANDARD,
            title="Dự thảo TCVN mẫu về mũ bảo hiểm",
            unit="SAMPLE-UNIT-NATIONAL",
            stage=DraftStage.SENT_FOR_COMMENTS,
        )


@contract("planning.tbt_notification_due")
class TbtNotificationDue(_OfDraft, frozen=True, kw_only=True):
    """A draft that may hinder trade was handed over to the TBT office, to be notified to the WTO.

    ``articles`` are those of the TBT Agreement that a notification would be made under; ``comments_until`` is the last
    moment of the least time for comments if it were circulated at once, absent for an urgent one (Art. 2.10).
    ``assessed`` tells whether the effect on trade was assessed; where it was not, notifying is to be considered.
    """

    articles: Annotated[list[Text], msgspec.Meta(min_length=1, max_length=10)]
    source: Text
    assessed: bool
    comments_until: Moment | None = None

    @classmethod
    def sample(cls) -> TbtNotificationDue:
        return cls(
            observed_at=_SAMPLE_TIME,
            draft_id="SAMPLE-QCVN-0001",
            draft_kind=DraftKind.NATIONAL_REGULATION,
            title="Dự thảo QCVN mẫu về đồ chơi trẻ em",
            unit="SAMPLE-UNIT-NATIONAL",
            articles=["2.9.2"],
            source="TT 16/2018/TT-BKHCN Điều 4(2)(a)",
            assessed=True,
            comments_until=datetime(2025, 5, 13, 16, 59, 59, 999999, tzinfo=UTC),
        )


@contract("planning.tbt_notification_ruled_out")
class TbtNotificationRuledOut(_OfDraft, frozen=True, kw_only=True):
    """It was determined, ``by`` the TBT office or the local one, that a draft handed over needs no notification to the WTO.

    ``source`` says who determines it and on which ground.
    """

    reason: NotNotified
    by: Text
    source: Text
    note: LongText = ""

    @property
    def kind(self) -> str:
        return str(self.reason)

    @classmethod
    def sample(cls) -> TbtNotificationRuledOut:
        return cls(
            observed_at=datetime(2025, 3, 20, 3, 0, tzinfo=UTC),
            draft_id="SAMPLE-QCVN-0001",
            draft_kind=DraftKind.NATIONAL_REGULATION,
            title="Dự thảo QCVN mẫu về đồ chơi trẻ em",
            unit="SAMPLE-UNIT-NATIONAL",
            reason=NotNotified.FOLLOWS_INTERNATIONAL,
            by="SAMPLE-TBT-OFFICE",
            source="TT 26/2019/TT-BKHCN Điều 7(3)(a1); Hiệp định TBT Điều 2.9",
            note="Mẫu: chấp nhận nguyên vẹn ISO 8124-1.",
        )
