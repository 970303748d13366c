"""What follows from verdicts and from officers' decisions: the events that announce it, and what becomes of the cases."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from services.inspection.docket import Docket
from services.inspection.model.cases import Case, case_id_of
from services.inspection.model.findings import Finding, Verdict, violation_id_of
from services.inspection.procedure.acts import Act, chained
from services.inspection.procedure.deeds import (
    AcceptConformity,
    AnyDeed,
    AssessRisk,
    CloseCase,
    IssuePaper,
    JoinViolation,
    OfficerDeed,
    OpenCase,
    OrderMeasure,
    Publish,
    RecordIllegalGain,
    ReopenCase,
    ValidateRisk,
)
from services.inspection.procedure.lawfulness import objection_to, take
from services.inspection.rules.case_is_ready_to_close import is_ready_to_close
from services.inspection.rules.violation_calls_for_a_first_measure import first_measure
from services.inspection.rules.violation_follows_a_track import shown_by_a_test, track_after, track_of
from services.inspection.rules.violation_has_a_default_scenario import default_risk
from shared.contracts.codec import encode
from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import (
    ActTaken,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CloseReason,
    MeasureOrdered,
    PublicationDecided,
    VerdictReached,
    ViolationDetected,
)
from shared.contracts.vocabulary import Track
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.deadlines import local_day

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
        risk = default_risk(kind, finding.product.group, local_day(finding.observed_at))
        subject = (*finding.case_key, kind.value, finding.item)
        self._docket.note_conformity(subject, verdict.kept, finding.observed_at)
        violation = ViolationDetected(
            observed_at=finding.observed_at,
            violation_id=violation_id_of(finding, verdict),
            finding_id=finding.id,
            site=finding.site,
            product=finding.product,
            rule=verdict.rule,
            violation_kind=kind,
            track=track_of(kind, finding.setting),
            breaches=verdict.breaches[:_MOST_BREACHES],
            risk_level=risk.level,
            risk_basis=risk.basis,
        )
        detected = self._uow.emit(violation, cause=event, key=verdict.rule.name)
        acted_at = self._uow.acted_at(event)
        known = self._docket.open_case(finding.case_key)
        case = known or self._open(finding, detected, acted_at)
        joined = JoinViolation(
            violation_id=violation.violation_id,
            kind=kind,
            item=finding.item,
            violated_at=finding.observed_at,
            breached={parameter: self._docket.conformed_at(subject, parameter) for parameter in verdict.breached},
            tested=shown_by_a_test(kind),
            risk_level=risk.level,
            finding_sha256=sha256(encode(event)).hexdigest(),
        )
        continuation = case.goes_on_with(joined)
        case = self._record(case, joined, acted_at, track=track_after(case.track, violation.track))
        case = self._accept(case, event, finding, verdict, acted_at)
        self._docket.link(case, finding, verdict, violation.violation_id)
        if known is None:
            first = first_measure(kind, finding.setting)
            case = self.act(case, OrderMeasure(measure=first.measure, source=first.source), acted_at, cause=detected)
        if continuation is not None and not objection_to(case.standing, case.track, continuation, officer=""):
            case = self.act(case, continuation, acted_at, cause=detected)
        self._close_if_ready(case, acted_at, detected)

    def accept(self, event: Event[Any], finding: Finding, verdict: Verdict) -> None:
        """Let a verdict that found no breach remedy what it can in the open case."""
        subject = (*finding.case_key, verdict.violation_kind.value, finding.item)
        self._docket.note_conformity(subject, verdict.kept, finding.observed_at)
        known = self._docket.open_case(finding.case_key)
        if known is None:
            return
        acted_at = self._uow.acted_at(event)
        case = self._accept(known, event, finding, verdict, acted_at)
        if case is not known:
            self._docket.link(case, finding, verdict)
            self._close_if_ready(case, acted_at, event)

    def act(
        self,
        case: Case,
        deed: OfficerDeed | IssuePaper,
        acted_at: datetime,
        *,
        officer: str = "",
        cause: Event[Any] | None = None,
    ) -> Case:
        """Do ``deed`` in a case and announce it; raise ``Conflict`` when it is not lawful as the case stands."""
        _, source = take(case.standing, case.track, deed, officer=officer)
        if isinstance(deed, IssuePaper):
            source = deed.source  # each form has an article of its own
        before, case = case, self._record(case, deed, acted_at, officer)
        self._uow.emit(_announcement(before, case, deed, source, acted_at), cause=cause, key=f"{case.id}/{case.acts}")
        return case

    def _accept(self, case: Case, event: Event[Any], finding: Finding, verdict: Verdict, acted_at: datetime) -> Case:
        """Let what ``verdict`` found kept count in the case, if the case is about any of it."""
        kept = case.concerned(verdict.violation_kind, finding.item, verdict.kept)
        if not kept:
            return case
        accepted = AcceptConformity(
            kind=verdict.violation_kind,
            item=finding.item,
            kept=kept,
            conformed_at=finding.observed_at,
            finding_sha256=sha256(encode(event)).hexdigest(),
        )
        return self._record(case, accepted, acted_at)

    def _open(self, finding: Finding, detected: Event[ViolationDetected], acted_at: datetime) -> Case:
        violation = detected.data
        deed = OpenCase(
            violation_id=violation.violation_id,
            violation_kind=violation.violation_kind,
            site=finding.site,
            product=finding.product,
        )
        act = chained(
            "",
            case_id=case_id_of(finding.case_key, detected.id),
            number=1,
            track=violation.track,
            acted_at=acted_at,
            recorded_at=self._uow.now,
            officer="",
            deed=deed,
        )
        case = Case.opened_by(act, deed)
        self._keep(act, case)
        opened = CaseOpened(
            observed_at=acted_at,
            case_id=case.id,
            violation_id=case.violation_id,
            site=case.site,
            product=case.product,
            track=case.track,
            violation_kind=case.violation_kind,
            risk_level=violation.risk_level,
        )
        self._uow.emit(opened, cause=detected)
        return case

    def _close_if_ready(self, case: Case, acted_at: datetime, cause: Event[Any]) -> None:
        if is_ready_to_close(case.matters):
            self.act(case, CloseCase(reason=CloseReason.REMEDIED), acted_at, cause=cause)

    def _record(self, case: Case, deed: AnyDeed, acted_at: datetime, officer: str = "", track: Track | None = None) -> Case:
        act = chained(
            case.head,
            case_id=case.id,
            number=case.acts + 1,
            track=track or case.track,
            acted_at=acted_at,
            recorded_at=self._uow.now,
            officer=officer,
            deed=deed,
        )
        changed = case.after(act)
        self._keep(act, changed)
        return changed

    def _keep(self, act: Act, case: Case) -> None:
        self._docket.put_act(act)
        self._docket.put(case)


def _announcement(before: Case, case: Case, deed: OfficerDeed | IssuePaper, source: str, acted_at: datetime) -> Data:
    """Return the event that tells of an act."""
    about: dict[str, Any] = {
        "observed_at": acted_at,
        "case_id": case.id,
        "site": case.site,
        "product": case.product,
        "track": case.track,
    }
    match deed:
        case OrderMeasure():
            return MeasureOrdered(**about, measure=deed.measure, source=deed.source, note=deed.note)
        case CloseCase():
            return CaseClosed(**about, reason=deed.reason, findings=case.findings, note=deed.note, opening=case.opening)
        case ReopenCase():
            return CaseReopened(
                **about,
                violation_id=case.violation_id,
                violation_kind=case.violation_kind,
                risk_level=case.risk.level,
                opening=case.opening,
                reason=deed.reason,
                note=deed.note,
            )
        case Publish():
            return PublicationDecided(**about, violation_kind=case.violation_kind, degree=deed.degree, source=source)
        case AssessRisk() | ValidateRisk():
            about["risk_level"] = deed.level
        case RecordIllegalGain():
            about["illegal_gain"] = case.illegal_gain - before.illegal_gain
    return ActTaken(**about, act=deed.name, source=source, note=deed.note)
