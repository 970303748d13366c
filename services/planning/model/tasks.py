"""Tasks: what superiors ask for in their papers, and what a unit sets itself beside its plan (nhiệm vụ đột xuất)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Moment, check_year
from shared.contracts.planning import ReturnReason
from shared.contracts.vocabulary import Identifier, LongText, ProvinceCode, Text, check_province


class TaskSource(StrEnum):
    """Where a task came from. Stored: never rename a value."""

    DIRECTIVE = "directive"
    OWN = "own"


class TaskState(StrEnum):
    """How a task stands. Stored, but for ``open``: never rename a value."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A task as it was given."""

    task_id: str
    source: TaskSource
    title: str
    unit: str
    unit_province: str
    given_at: datetime
    due_at: datetime | None = None
    number: str = ""
    issuer: str = ""
    note: str = ""


class NewTask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A task a unit sets itself; the same ``task_id`` again is the same task."""

    task_id: Identifier
    title: Text
    unit: Identifier
    unit_province: ProvinceCode = ""
    due_at: Moment | None = None
    note: LongText = ""

    def __post_init__(self) -> None:
        if self.unit_province:
            check_province(self.unit_province)
        if self.due_at is not None:
            check_year("due_at", self.due_at)


class Doing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Says that a task was done, by whom, and with which paper or remark."""

    by: Text
    note: LongText = ""


class Returning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sends a directive back to where it came from, with the reason."""

    by: Text
    reason: ReturnReason
    note: LongText = ""


class Explanation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an item of a plan was not reached."""

    by: Text
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
