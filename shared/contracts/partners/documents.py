"""Events of the document system: directives, reports and meetings that come and go as official papers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import Moment, check_year, contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier, LongText, Text

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)

# The year, half-year, quarter, month or ISO week a report is about: 2025, 2025-H1, 2025-Q3, 2025-03, 2025-W11.
Period = Annotated[str, msgspec.Meta(pattern=r"^\d{4}(-(H[12]|Q[1-4]|0[1-9]|1[0-2]|W[0-5]\d))?$(?!\n)")]


@contract("documents.directive_received")
class DirectiveReceived(OfUnit, frozen=True, kw_only=True):
    """A superior asked ``unit`` for something, by ``due_at`` where a time was set.

    ``number`` is the paper's number and symbol (số, ký hiệu), ``issuer`` who signed it.
    """

    directive_id: Identifier
    number: Text
    issuer: Text
    title: Text
    due_at: Moment | None = None
    note: LongText = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.due_at is not None:
            check_year("due_at", self.due_at)

    def order_key(self) -> str:
        return f"directive/{self.directive_id}"

    @classmethod
    def sample(cls) -> DirectiveReceived:
        return cls(
            observed_at=_SAMPLE_TIME,
            directive_id="SAMPLE-DIRECTIVE-0001",
            number="123/TĐC-ĐL (mẫu)",
            issuer="Cơ quan cấp trên (mẫu)",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Báo cáo tình hình kiểm tra cột đo xăng dầu",
            due_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
        )


@contract("documents.directive_answered")
class DirectiveAnswered(OfUnit, frozen=True, kw_only=True):
    """``unit`` sent what a directive had asked for; ``number`` is that of the answer."""

    directive_id: Identifier
    number: Text

    def order_key(self) -> str:
        return f"directive/{self.directive_id}"

    @classmethod
    def sample(cls) -> DirectiveAnswered:
        return cls(
            observed_at=datetime(2025, 3, 19, 2, 0, tzinfo=UTC),
            directive_id="SAMPLE-DIRECTIVE-0001",
            number="45/CCTĐC (mẫu)",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
        )


@contract("documents.report_received")
class ReportReceived(OfUnit, frozen=True, kw_only=True):
    """The report that ``unit`` owed for a ``period`` came in; ``report`` is the name of the duty, as in `chuan plan duties`."""

    report: Identifier
    period: Period
    number: Annotated[str, msgspec.Meta(max_length=300)] = ""

    @property
    def kind(self) -> str:
        return self.report

    def order_key(self) -> str:
        return f"report/{self.report}/{self.unit}"

    @classmethod
    def sample(cls) -> ReportReceived:
        return cls(
            observed_at=_SAMPLE_TIME,
            report="prepackage_supervision_report",
            period="2024",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            number="12/BC-CCTĐC (mẫu)",
        )


@contract("documents.meeting_called")
class MeetingCalled(OfUnit, frozen=True, kw_only=True):
    """The inter-ministerial TBT board was called to a regular meeting at ``meets_at``; ``unit`` is its secretariat."""

    meeting_id: Identifier
    title: Text
    meets_at: Moment

    def __post_init__(self) -> None:
        super().__post_init__()
        check_year("meets_at", self.meets_at)

    def order_key(self) -> str:
        return f"meeting/{self.meeting_id}"

    @classmethod
    def sample(cls) -> MeetingCalled:
        return cls(
            observed_at=_SAMPLE_TIME,
            meeting_id="SAMPLE-MEETING-0001",
            unit="SAMPLE-TBT-OFFICE",
            title="Họp thường kỳ Ban liên ngành TBT (mẫu)",
            meets_at=datetime(2025, 4, 15, 1, 0, tzinfo=UTC),
        )


@contract("documents.meeting_papers_sent")
class MeetingPapersSent(OfUnit, frozen=True, kw_only=True):
    """The papers of a meeting went out to the members of the board."""

    meeting_id: Identifier

    def order_key(self) -> str:
        return f"meeting/{self.meeting_id}"

    @classmethod
    def sample(cls) -> MeetingPapersSent:
        return cls(observed_at=datetime(2025, 4, 1, 2, 0, tzinfo=UTC), meeting_id="SAMPLE-MEETING-0001", unit="SAMPLE-TBT-OFFICE")
