"""Events the notification service publishes; one notice has one delivery for each recipient and channel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.vocabulary import Identifier, LongText, Text

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 31, tzinfo=UTC)


class _NoticeFact(Data, frozen=True, kw_only=True):
    """What every event about a notice carries; ``notice_kind`` is the rule that decided to issue it."""

    notice_id: Identifier
    notice_kind: Identifier
    about_province: str = ""

    @property
    def province(self) -> str:
        return self.about_province

    @property
    def kind(self) -> str:
        return self.notice_kind

    def order_key(self) -> str:
        return f"notice/{self.notice_id}"


@contract("notification.notice_issued")
class NoticeIssued(_NoticeFact, frozen=True, kw_only=True):
    """A notice was written for its recipients; it is not delivered yet. ``title`` is Vietnamese, ``title_en`` English."""

    title: Text
    about: Identifier
    recipients: Annotated[int, msgspec.Meta(ge=1)]
    title_en: Annotated[str, msgspec.Meta(max_length=300)] = ""

    @classmethod
    def sample(cls) -> NoticeIssued:
        return cls(
            observed_at=_SAMPLE_TIME,
            notice_id="SAMPLE-NOTICE-0001",
            notice_kind="violation_warning",
            about_province="46",
            title="Cảnh báo: xăng không phù hợp QCVN 1:2022/BKHCN",
            about="SAMPLE-VIOLATION-0001",
            recipients=2,
            title_en="Warning: petrol does not conform to QCVN 1:2022/BKHCN",
        )


class _DeliveryFact(_NoticeFact, frozen=True, kw_only=True):
    """What every event about one delivery carries."""

    delivery_id: Identifier
    recipient: Identifier
    channel: Identifier

    @property
    def kind(self) -> str:
        return self.channel


@contract("notification.notice_delivered")
class NoticeDelivered(_DeliveryFact, frozen=True, kw_only=True):
    """The receiving system accepted a notice; ``receipt`` is what it answered."""

    receipt: LongText = ""

    @classmethod
    def sample(cls) -> NoticeDelivered:
        return cls(
            observed_at=_SAMPLE_TIME,
            notice_id="SAMPLE-NOTICE-0001",
            notice_kind="violation_warning",
            delivery_id="SAMPLE-DELIVERY-0001",
            recipient="tbt_office",
            channel="email",
            receipt="250 OK",
        )


@contract("notification.notice_failed")
class NoticeFailed(_DeliveryFact, frozen=True, kw_only=True):
    """All attempts to deliver a notice failed; a person has to act."""

    attempts: Annotated[int, msgspec.Meta(ge=1)]
    reason: LongText

    @classmethod
    def sample(cls) -> NoticeFailed:
        return cls(
            observed_at=_SAMPLE_TIME,
            notice_id="SAMPLE-NOTICE-0001",
            notice_kind="violation_warning",
            delivery_id="SAMPLE-DELIVERY-0001",
            recipient="tbt_office",
            channel="webhook",
            attempts=10,
            reason="410 Gone",
        )


@contract("notification.notice_acknowledged")
class NoticeAcknowledged(_NoticeFact, frozen=True, kw_only=True):
    """A recipient confirmed having read a notice."""

    recipient: Identifier

    @classmethod
    def sample(cls) -> NoticeAcknowledged:
        return cls(
            observed_at=_SAMPLE_TIME,
            notice_id="SAMPLE-NOTICE-0001",
            notice_kind="violation_warning",
            recipient="tbt_office",
        )
