"""What follows from verdicts and from officers' decisions: the events that announce it, and what becomes of the cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.inspection.docket import Docket
from services.inspection.model import Case, Finding, Verdict, case_id_of, violation_id_of
from services.inspection.rules.case_is_ready_to_close import is_ready_to_close
from services.inspection.rules.violation_calls_for_a_first_measure import first_measure
from services.inspection.rules.violation_follows_a_track import track_of
from shared.contracts.envelope import Event
from shared.contracts.inspection import (
    CaseClosed,
    CaseOpened,
    CloseReason,
    MeasureOrdered,
    VerdictReached,
    ViolationDetected,
)
from shared.contracts.vocabulary import Measure
from shared.database.unit_of_work import UnitOfWork

_MOST_BREACHES = 100  # what the published event carries


class Proceedings:
    """Changes the cases of one ``docket`` and announces every change in one unit of work."""

    def __init__(self, docket: Docket, uow: UnitOfWork) -> None:
        self._docket = docket
        self._uow = uow

    def announce(self, event: Event[Any], finding: Finding, verdict: Verdict) -> None:
        """Tell that a verdict was reached."""
        reached = VerdictReached(
            observed_at=finding.observed_at,
            finding_id=finding.id,
            site=finding.site,
            product=finding.product,
            rule=verdict.rule,
            outcome=verdict.outcome,
            violation_kind=verdict.violation_kind,
            breaches=verdict.breaches,
        )
        self._uow.emit(reached, cause=event, key=verdict.rule.name)

    def pursue(self, event: Event[Any], finding: Finding, verdict: Verdict) -> None:
        """Tell of a violation, and make it part of the open case, or open one.

        A violation that comes late, after a conforming verdict of a later legal time, closes what it opened at once.
        """
        kind = verdict.violation_kind
        violation = ViolationDetected(
            observed_at=finding.observed_at,
            violation_id=violation_id_of(finding, verdict),
            finding_id=finding.id,
            site=finding.site,
            product=finding.product,
            rule=verdict.rule,
            violation_kind=kind,
            track=track_of(kind),
            breaches=verdict.breaches[:_MOST_BREACHES],
        )
        detected = self._uow.emit(violation, cause=event, key=verdict.rule.name)
        acted_at = self._uow.acted_at(event)
        case = self._docket.open_case(finding.case_key)
        if case is None:
            case = self._open(finding, detected, acted_at)
            first = first_measure(kind, event.type)
            self.order(case, first.measure, first.source, number=1, ordered_at=acted_at, cause=detected)
        conformed_at = self._docket.conformed_at((*finding.case_key, kind.value, finding.item))
        case = case.join(kind, finding.item, finding.observed_at, conformed_at)
        self._docket.put(case)
        self._docket.link(case, finding, verdict, violation.violation_id)
        self._close_if_ready(case, acted_at, detected)

    def accept(self, event: Event[Any], finding: Finding, verdict: Verdict) -> None:
        """Let a conforming verdict remedy what it can in the open case."""
        kind = verdict.violation_kind
        self._docket.note_conformity((*finding.case_key, kind.value, finding.item), finding.observed_at)
        case = self._docket.open_case(finding.case_key)
        if case is None or not case.concerns(kind, finding.item):
            return
        case = case.conform(kind, finding.item, finding.observed_at)
        self._docket.put(case)
        self._docket.link(case, finding, verdict)
        self._close_if_ready(case, self._uow.acted_at(event), event)

    def order(
        self,
        case: Case,
        measure: Measure,
        source: str,
        *,
        number: int,
        ordered_at: datetime,
        note: str = "",
        cause: Event[Any] | None = None,
    ) -> None:
        """Order the ``number``-th measure of a case."""
        ordered = MeasureOrdered(
            observed_at=ordered_at,
            case_id=case.id,
            site=case.site,
            product=case.product,
            track=case.track,
            measure=measure,
            source=source,
            note=note,
        )
        self._docket.put_measure(number, ordered)
        self._uow.emit(ordered, cause=cause, key=f"{case.id}/{number}")

    def close(
        self, case: Case, reason: CloseReason, closed_at: datetime, *, note: str = "", cause: Event[Any] | None = None
    ) -> None:
        """Close a case; raise ``Conflict`` when it was closed before."""
        self._docket.put(case.close(reason, closed_at, note))
        closed = CaseClosed(
            observed_at=closed_at,
            case_id=case.id,
            site=case.site,
            product=case.product,
            track=case.track,
            reason=reason,
            findings=case.findings,
            note=note,
        )
        self._uow.emit(closed, cause=cause, key=case.id)

    def _open(self, finding: Finding, detected: Event[ViolationDetected], acted_at: datetime) -> Case:
        violation = detected.data
        case = Case(
            id=case_id_of(finding.case_key, detected.id),
            site=finding.site,
            product=finding.product,
            track=violation.track,
            violation_kind=violation.violation_kind,
            violation_id=violation.violation_id,
            opened_at=acted_at,
        )
        opened = CaseOpened(
            observed_at=acted_at,
            case_id=case.id,
            violation_id=case.violation_id,
            site=case.site,
            product=case.product,
            track=case.track,
            violation_kind=case.violation_kind,
        )
        self._uow.emit(opened, cause=detected)
        return case

    def _close_if_ready(self, case: Case, acted_at: datetime, cause: Event[Any]) -> None:
        if is_ready_to_close(case.matters):
            self.close(case, CloseReason.REMEDIED, acted_at, cause=cause)
