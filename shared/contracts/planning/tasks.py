"""Planning's events about tasks given to units."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Moment, contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier, LongText, Text

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class ReturnReason(StrEnum):
    """Why a directive went back to where it came from."""

    ARRIVED_LATE = "arrived_late"
    WRONG_RECIPIENT = "wrong_recipient"


class _OfTask(OfUnit, frozen=True, kw_only=True):
    """What events about a task have in common."""

    task_id: Identifier
    title: Text

    def order_key(self) -> str:
        return f"task/{self.task_id}"


@contract("planning.task_assigned")
class TaskAssigned(_OfTask, frozen=True, kw_only=True):
    """A unit set itself a task beside its plan."""

    due_at: Moment | None = None

    @classmethod
    def sample(cls) -> TaskAssigned:
        return cls(
            observed_at=_SAMPLE_TIME,
            task_id="SAMPLE-TASK-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Kiểm tra đột xuất cây xăng theo phản ánh",
            due_at=datetime(2025, 3, 20, 10, 0, tzinfo=UTC),
        )


@contract("planning.task_done")
class TaskDone(_OfTask, frozen=True, kw_only=True):
    """A task was done."""

    by: Text
    note: LongText = ""

    @classmethod
    def sample(cls) -> TaskDone:
        return cls(
            observed_at=datetime(2025, 3, 19, 2, 0, tzinfo=UTC),
            task_id="SAMPLE-TASK-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Kiểm tra đột xuất cây xăng theo phản ánh",
            by="Phòng Quản lý đo lường (mẫu)",
        )


@contract("planning.directive_returned")
class DirectiveReturned(_OfTask, frozen=True, kw_only=True):
    """A directive went back to where it came from: its time was over on arrival, or it was for somebody else.

    ``number`` and ``issuer`` are those of the directive.
    """

    reason: ReturnReason
    number: Text
    issuer: Text
    by: Annotated[str, msgspec.Meta(max_length=300)] = ""
    note: LongText = ""

    @property
    def kind(self) -> str:
        return str(self.reason)

    @classmethod
    def sample(cls) -> DirectiveReturned:
        return cls(
            observed_at=_SAMPLE_TIME,
            task_id="SAMPLE-DIRECTIVE-0001",
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            title="Báo cáo tình hình kiểm tra cột đo xăng dầu",
            reason=ReturnReason.ARRIVED_LATE,
            number="123/TĐC-ĐL (mẫu)",
            issuer="Cơ quan cấp trên (mẫu)",
        )
