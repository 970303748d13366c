"""Events of the WTO TBT desk: notifications, requests for documents and changes of contact points."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier, Text

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)

Symbol = Annotated[
    str,
    msgspec.Meta(max_length=120, pattern=r"^G/TBT/N/[A-Z]{3}/[1-9]\d*(/Rev\.[1-9]\d*)?(/(Add|Corr|Suppl)\.[1-9]\d*)*$(?!\n)"),
]


@contract("tbt.notification_circulated")
class NotificationCirculated(OfUnit, frozen=True, kw_only=True):
    """The WTO circulated our notification of a draft regulation; its time for comments began.

    ``draft_id`` is the draft's in the drafting pipeline, where it is known.
    """

    symbol: Symbol
    title: Text
    draft_id: Annotated[str, msgspec.Meta(max_length=120)] = ""

    def order_key(self) -> str:
        return f"notification/{self.symbol}"

    @classmethod
    def sample(cls) -> NotificationCirculated:
        return cls(
            observed_at=_SAMPLE_TIME,
            symbol="G/TBT/N/VNM/9999",
            title="Dự thảo QCVN mẫu về đồ chơi trẻ em",
            unit="SAMPLE-TBT-OFFICE",
        )


@contract("tbt.comments_closed")
class CommentsClosed(Data, frozen=True, kw_only=True):
    """No more comments on a notified draft are taken, or it was adopted."""

    symbol: Symbol

    def order_key(self) -> str:
        return f"notification/{self.symbol}"

    @classmethod
    def sample(cls) -> CommentsClosed:
        return cls(observed_at=datetime(2025, 5, 14, 2, 30, tzinfo=UTC), symbol="G/TBT/N/VNM/9999")


@contract("tbt.documents_requested")
class DocumentsRequested(OfUnit, frozen=True, kw_only=True):
    """Another member asked the enquiry point for documents."""

    request_id: Identifier
    member: Text

    def order_key(self) -> str:
        return f"request/{self.request_id}"

    @classmethod
    def sample(cls) -> DocumentsRequested:
        return cls(observed_at=_SAMPLE_TIME, request_id="SAMPLE-REQUEST-0001", member="JPN", unit="SAMPLE-TBT-OFFICE")


@contract("tbt.documents_sent")
class DocumentsSent(Data, frozen=True, kw_only=True):
    """The enquiry point answered a request for documents, or told when it will."""

    request_id: Identifier

    def order_key(self) -> str:
        return f"request/{self.request_id}"

    @classmethod
    def sample(cls) -> DocumentsSent:
        return cls(observed_at=datetime(2025, 3, 18, 2, 30, tzinfo=UTC), request_id="SAMPLE-REQUEST-0001")


class _ContactPoint(OfUnit, frozen=True, kw_only=True):
    """What both events tell of a TBT point whose contact changed."""

    change_id: Identifier

    def order_key(self) -> str:
        return f"contact/{self.unit}"


@contract("tbt.contact_changed")
class ContactChanged(_ContactPoint, frozen=True, kw_only=True):
    """The contact of a TBT point changed."""

    @classmethod
    def sample(cls) -> ContactChanged:
        return cls(observed_at=_SAMPLE_TIME, change_id="SAMPLE-CHANGE-0001", unit="SAMPLE-UNIT-46", unit_province="46")


@contract("tbt.contact_reported")
class ContactReported(_ContactPoint, frozen=True, kw_only=True):
    """The TBT office was told of a changed contact."""

    @classmethod
    def sample(cls) -> ContactReported:
        return cls(
            observed_at=datetime(2025, 3, 14, 8, 0, tzinfo=UTC),
            change_id="SAMPLE-CHANGE-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
        )
