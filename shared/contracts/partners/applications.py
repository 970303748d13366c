"""Events of the one-stop desk for administrative procedures (một cửa)."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from shared.contracts.envelope import contract
from shared.contracts.units import OfUnit
from shared.contracts.vocabulary import Identifier, Text

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class Procedure(StrEnum):
    """What is applied for."""

    QUANTITY_MARK_DECLARATION = "quantity_mark_declaration"
    TYPE_APPROVAL = "type_approval"
    VERIFIER_CARD = "verifier_card"


class Answer(StrEnum):
    """How an application was answered."""

    SUPPLEMENTS_ASKED = "supplements_asked"
    GRANTED = "granted"
    REFUSED = "refused"


class _File(OfUnit, frozen=True, kw_only=True):
    """What both events tell of an application; ``unit`` is the office that handles it."""

    application_id: Identifier
    procedure: Procedure

    @property
    def kind(self) -> str:
        return str(self.procedure)

    def order_key(self) -> str:
        return f"application/{self.application_id}"


@contract("applications.file_received")
class FileReceived(_File, frozen=True, kw_only=True):
    """A file was handed in; ``complete`` tells whether it had all that the procedure asks for. Each time is one event."""

    applicant: Text
    complete: bool

    @classmethod
    def sample(cls) -> FileReceived:
        return cls(
            observed_at=_SAMPLE_TIME,
            application_id="SAMPLE-APPLICATION-0001",
            procedure=Procedure.QUANTITY_MARK_DECLARATION,
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            applicant="Cơ sở đóng gói mẫu 1",
            complete=True,
        )


@contract("applications.file_answered")
class FileAnswered(_File, frozen=True, kw_only=True):
    """The office answered the applicant."""

    answer: Answer

    @classmethod
    def sample(cls) -> FileAnswered:
        return cls(
            observed_at=datetime(2025, 3, 18, 2, 30, tzinfo=UTC),
            application_id="SAMPLE-APPLICATION-0001",
            procedure=Procedure.QUANTITY_MARK_DECLARATION,
            unit="SAMPLE-UNIT-46",
            unit_province="46",
            answer=Answer.GRANTED,
        )
