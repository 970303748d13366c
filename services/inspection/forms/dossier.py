"""What a form is filled from: a case with its verdicts, its acts and the papers issued in it so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

import msgspec

from services.inspection.model.cases import Case
from services.inspection.procedure.acts import Act
from services.inspection.procedure.deeds import Deed, ReopenCase
from shared.contracts.inspection import RuleReference, ViolationKind
from shared.contracts.vocabulary import Breach

D = TypeVar("D", bound=Deed)


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict that found a violation."""

    observed_at: datetime
    rule: RuleReference
    kind: ViolationKind
    breaches: list[Breach]


class FiledPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper of a case; ``number`` is that of the act that issued it, ``reference`` its official number and symbol."""

    number: int
    form: str
    title: str
    reference: str
    unit: str
    year: int
    serial: int
    issued_at: datetime
    officer: str
    pdf_sha256: str
    docx_sha256: str


class Dossier(NamedTuple):
    """A case with all that is in it."""

    case: Case
    violations: Sequence[Violation]
    acts: Sequence[Act]
    papers: Sequence[FiledPaper]
    today: date

    def latest(self, deed: type[D]) -> D | None:
        """Return the last act of a kind since the case was (last) opened."""
        for act in reversed(self.acts):
            if isinstance(act.deed, deed):
                return act.deed
            if isinstance(act.deed, ReopenCase):
                return None
        return None
