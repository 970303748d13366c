"""Acts that start and stop clocks: the names that rules call them by; ``told.py`` has what each event tells of them.

For example ``inspection.measure_ordered/handling_decision``. Names are stored: never rename one.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.planning.model.subjects import SubjectKind, key
from shared.contracts import partners
from shared.contracts.inspection import CaseClosed, MeasureOrdered, ViolationDetected
from shared.contracts.planning import TbtNotificationDue, TbtNotificationRuledOut
from shared.contracts.vocabulary import Measure, Track

CLOSED = CaseClosed.type
TASK_DUE, TASK_DONE, TASK_RETURNED = "task/due", "task/done", "task/returned"
PERIOD_DONE = "period/done"
MEETS, PAPERS_SENT = partners.MeetingCalled.type, partners.MeetingPapersSent.type
HANDED_OVER, RULED_OUT = TbtNotificationDue.type, TbtNotificationRuledOut.type
CIRCULATED, COMMENTS_CLOSED = partners.NotificationCirculated.type, partners.CommentsClosed.type
NOTIFIED = f"{partners.NotificationCirculated.type}/draft"  # of the draft that was notified
DOCUMENTS_REQUESTED, DOCUMENTS_SENT = partners.DocumentsRequested.type, partners.DocumentsSent.type
CONTACT_CHANGED, CONTACT_REPORTED = partners.ContactChanged.type, partners.ContactReported.type
NONCONFORMITY_FOUND, CORRECTION_REPORTED = f"{partners.AgencyChecked.type}/nonconforming", partners.CorrectionReported.type
AGENCY_CHECK = "agency_check"  # the periodic duty
OWN_REPORTS = "reporting"  # who reports when it is this system itself


def found(track: Track) -> str:
    """Return the name of the finding of a violation that follows ``track``."""
    return f"{ViolationDetected.type}/{track}"


def measure_on(track: Track) -> str:
    """Return the name of any measure ordered on ``track``; the first one is the team's report to its agency."""
    return f"{MeasureOrdered.type}/{track}"


def ordered(measure: Measure) -> str:
    """Return the name of the order of ``measure``."""
    return f"{MeasureOrdered.type}/{measure}"


def period_began(duty: str) -> str:
    """Return the name of the beginning of a period in which ``duty`` falls due."""
    return f"period/began/{duty}"


def work_done(item_type: str, step: str) -> str:
    """Return the name of a step of a piece of work."""
    return f"{partners.WorkReported.type}/{item_type}/{step}"


def received(procedure: partners.Procedure, *, complete: bool) -> str:
    """Return the name of the receipt of a file."""
    return f"{partners.FileReceived.type}/{procedure}/{'complete' if complete else 'incomplete'}"


def answered(answer: partners.Answer) -> str:
    """Return the name of an answer to an applicant."""
    return f"{partners.FileAnswered.type}/{answer}"


def papers(stand: partners.PapersAfterRelease) -> str:
    """Return the name of a declaration that says how it stands with the papers of goods that were released before them."""
    return f"{partners.LotDeclared.type}/{stand}"


def advanced(kind: partners.DraftKind, stage: partners.DraftStage, *, urgent: bool = False) -> str:
    """Return the name of a stage reached by a draft."""
    return f"{partners.DraftAdvanced.type}/{kind}/{stage}{'/urgent' if urgent else ''}"


def period_key(duty: str, who: str, period: str) -> str:
    """Return the key of what ``who`` must do for ``period``."""
    return key(SubjectKind.PERIODIC, duty, period, who)


class Moment(NamedTuple):
    """When an act was done, when that was published, and the key of what it was done to."""

    at: datetime
    known_at: datetime
    about: str
