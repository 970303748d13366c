"""What each event tells of acts that start and stop clocks.

A new event that does so is a function here, and its type in the service's ``@subscribe``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from services.planning.model.acts import (
    AGENCY_CHECK,
    CIRCULATED,
    CLOSED,
    COMMENTS_CLOSED,
    CONTACT_CHANGED,
    CONTACT_REPORTED,
    CORRECTION_REPORTED,
    DOCUMENTS_REQUESTED,
    DOCUMENTS_SENT,
    MEETS,
    NONCONFORMITY_FOUND,
    NOTIFIED,
    OWN_REPORTS,
    PAPERS_SENT,
    PERIOD_DONE,
    TASK_DONE,
    TASK_DUE,
    Moment,
    advanced,
    answered,
    found,
    measure_on,
    ordered,
    papers,
    period_key,
    received,
    work_done,
)
from services.planning.model.periods import period_between
from services.planning.model.subjects import Subject, SubjectKind, key
from shared.contracts import partners
from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import CaseClosed, CaseOpened, MeasureOrdered, ViolationDetected
from shared.contracts.planning import DraftMoved, TbtNotificationDue, TbtNotificationRuledOut
from shared.contracts.reporting import ReportIssued
from shared.contracts.units import OfUnit
from shared.kernel.deadlines import local_day


class Act(NamedTuple):
    """One act an event tells of, done to ``about`` at the event's legal time or ``at``."""

    about: str
    name: str
    at: datetime | None = None


class Told(NamedTuple):
    """What an event tells: the acts, and the subject where it says what that is."""

    acts: tuple[Act, ...]
    subject: Subject | None = None


D = TypeVar("D", bound=Data)
_READERS: dict[str, Callable[[Any], Told]] = {}


def _reads(contract: type[D]) -> Callable[[Callable[[D], Told]], Callable[[D], Told]]:
    def register(reader: Callable[[D], Told]) -> Callable[[D], Told]:
        _READERS[contract.type] = reader
        return reader

    return register


def told_by(event: Event[Any]) -> Told | None:
    """Return what an event tells of acts; nothing where no clock is about it."""
    reader = _READERS.get(event.type)
    return None if reader is None else reader(event.data)


def moments_of(event: Event[Any]) -> Iterator[tuple[str, Moment]]:
    """Yield the named moments an event tells of."""
    told = told_by(event)
    for act in told.acts if told is not None else ():
        yield act.name, Moment(act.at or event.data.observed_at, event.time, act.about)


def _done(kind: str, name: str, *acts: str) -> Told:
    about = key(kind, name)
    return Told(tuple(Act(about, act) for act in acts))


def _of_unit(kind: SubjectKind, name: str, act: str, data: OfUnit, title: str = "", at: datetime | None = None) -> Told:
    about = key(kind, name)
    subject = Subject(subject_id=about, kind=kind, title=title, unit=data.unit, unit_province=data.unit_province)
    return Told((Act(about, act, at),), subject)


# ---------------------------------------------------------------------------------------------------------------------
# Cases


@_reads(ViolationDetected)
def _violation(data: ViolationDetected) -> Told:
    return _done("violation", data.violation_id, found(data.track))


@_reads(CaseOpened)
def _case(data: CaseOpened) -> Told:
    about, origin = key(SubjectKind.CASE, data.case_id), key("violation", data.violation_id)
    return Told((), Subject(subject_id=about, kind=SubjectKind.CASE, origin=origin, site=data.site, product=data.product))


@_reads(MeasureOrdered)
def _measure(data: MeasureOrdered) -> Told:
    return _done(SubjectKind.CASE, data.case_id, measure_on(data.track), ordered(data.measure))


@_reads(CaseClosed)
def _closed(data: CaseClosed) -> Told:
    return _done(SubjectKind.CASE, data.case_id, CLOSED)


# ---------------------------------------------------------------------------------------------------------------------
# Papers and periodic duties


@_reads(partners.DirectiveReceived)
def _directive(data: partners.DirectiveReceived) -> Told:
    told = _of_unit(SubjectKind.TASK, data.directive_id, TASK_DUE, data, data.title, data.due_at)
    return told if data.due_at is not None else told._replace(acts=())


@_reads(partners.DirectiveAnswered)
def _directive_answered(data: partners.DirectiveAnswered) -> Told:
    return _done(SubjectKind.TASK, data.directive_id, TASK_DONE)


@_reads(partners.ReportReceived)
def _report_received(data: partners.ReportReceived) -> Told:
    return Told((Act(period_key(data.report, data.unit, data.period), PERIOD_DONE),))


@_reads(ReportIssued)
def _report_issued(data: ReportIssued) -> Told:
    period = period_between(data.period_from, data.period_to)
    return Told((Act(period_key(data.report, OWN_REPORTS, period), PERIOD_DONE),))


@_reads(partners.MeetingCalled)
def _meeting(data: partners.MeetingCalled) -> Told:
    return _of_unit(SubjectKind.MEETING, data.meeting_id, MEETS, data, data.title, data.meets_at)


@_reads(partners.MeetingPapersSent)
def _papers(data: partners.MeetingPapersSent) -> Told:
    return _done(SubjectKind.MEETING, data.meeting_id, PAPERS_SENT)


# ---------------------------------------------------------------------------------------------------------------------
# Imports, applications, drafts, TBT, ISO 9001


@_reads(partners.LotDeclared)
def _lot(data: partners.LotDeclared) -> Told:
    if data.papers_after_release is None:
        return Told(())
    about = key(SubjectKind.IMPORTED_LOT, data.declaration_no)
    subject = Subject(subject_id=about, kind=SubjectKind.IMPORTED_LOT, site=data.importer, product=data.product)
    return Told((Act(about, papers(data.papers_after_release)),), subject)


@_reads(partners.FileReceived)
def _file_received(data: partners.FileReceived) -> Told:
    act = received(data.procedure, complete=data.complete)
    return _of_unit(SubjectKind.APPLICATION, data.application_id, act, data, data.applicant)


@_reads(partners.FileAnswered)
def _file_answered(data: partners.FileAnswered) -> Told:
    return _done(SubjectKind.APPLICATION, data.application_id, answered(data.answer))


def _draft(data: partners.DraftAdvanced | DraftMoved) -> Told:
    # Urgency shortens the time for comments; the other stages are the same for every draft.
    act = advanced(data.draft_kind, data.stage, urgent=data.urgent and data.stage is partners.DraftStage.SENT_FOR_COMMENTS)
    return _of_unit(SubjectKind.DRAFT, data.draft_id, act, data, data.title)


_reads(DraftMoved)(_draft)
_reads(partners.DraftAdvanced)(_draft)


def _tbt_notification(data: TbtNotificationDue | TbtNotificationRuledOut) -> Told:
    return _done(SubjectKind.DRAFT, data.draft_id, data.type)


_reads(TbtNotificationDue)(_tbt_notification)
_reads(TbtNotificationRuledOut)(_tbt_notification)


@_reads(partners.NotificationCirculated)
def _circulated(data: partners.NotificationCirculated) -> Told:
    told = _of_unit(SubjectKind.TBT_NOTIFICATION, data.symbol, CIRCULATED, data, data.title)
    notified = (Act(key(SubjectKind.DRAFT, data.draft_id), NOTIFIED),) if data.draft_id else ()
    return told._replace(acts=(*told.acts, *notified))


@_reads(partners.CommentsClosed)
def _comments_closed(data: partners.CommentsClosed) -> Told:
    return _done(SubjectKind.TBT_NOTIFICATION, data.symbol, COMMENTS_CLOSED)


@_reads(partners.DocumentsRequested)
def _requested(data: partners.DocumentsRequested) -> Told:
    return _of_unit(SubjectKind.TBT_REQUEST, data.request_id, DOCUMENTS_REQUESTED, data, data.member)


@_reads(partners.DocumentsSent)
def _sent(data: partners.DocumentsSent) -> Told:
    return _done(SubjectKind.TBT_REQUEST, data.request_id, DOCUMENTS_SENT)


@_reads(partners.ContactChanged)
def _contact_changed(data: partners.ContactChanged) -> Told:
    return _of_unit(SubjectKind.CONTACT_POINT, data.change_id, CONTACT_CHANGED, data)


@_reads(partners.ContactReported)
def _contact_reported(data: partners.ContactReported) -> Told:
    return _done(SubjectKind.CONTACT_POINT, data.change_id, CONTACT_REPORTED)


@_reads(partners.WorkReported)
def _work(data: partners.WorkReported) -> Told:
    title = data.title or data.about
    return _of_unit(SubjectKind.WORK, f"{data.item_type}/{data.work_id}", work_done(data.item_type, data.step), data, title)


@_reads(partners.AgencyChecked)
def _agency_checked(data: partners.AgencyChecked) -> Told:
    check = _of_unit(SubjectKind.AGENCY_CHECK, data.check_id, NONCONFORMITY_FOUND, data, data.agency)
    year = str(local_day(data.observed_at).year)
    checked = Act(period_key(AGENCY_CHECK, data.agency, year), PERIOD_DONE)
    return Told((checked, *check.acts), check.subject) if data.nonconformities else Told((checked,))


@_reads(partners.CorrectionReported)
def _corrected(data: partners.CorrectionReported) -> Told:
    return _done(SubjectKind.AGENCY_CHECK, data.check_id, CORRECTION_REPORTED)
