"""Every row of the table of statutory time limits: its clock is started here, or it says why none can be."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from services.planning.handlers.plans import approve
from services.planning.rules import clock_rules
from services.planning.rules.time_limits_that_no_clock_can_run_for import WITHOUT_CLOCK
from shared.contracts import partners
from shared.contracts.envelope import Data
from shared.contracts.partners import Answer, DraftKind, DraftStage, Procedure
from shared.contracts.vocabulary import Track
from shared.i18n import LOCALES, catalogue
from shared.kernel.deadlines import Ahead, AtOnce, Term, Unit
from tests.unit.planning.story import SCALE, Planning, Story, hanoi, published
from tests.unit.planning.test_progress import INSPECTIONS, plan

_LINES = Path(__file__).with_name("vn_legal_deadlines.csv").read_text(encoding="utf-8").splitlines()
TABLE = {row["id"]: row for row in csv.DictReader(_LINES)}
UNIT = {"unit": "SAMPLE-UNIT-46", "unit_province": "46"}
AT = "2025-03-11T09:30:00"  # a Tuesday
END = "T23:59:59.999999"


class Row(NamedTuple):
    """What starts a row's clock, which duty that is, when it is due, and what satisfies it."""

    starts: Data
    duty: str
    due: str
    stops: Data


def file(procedure: Procedure, *, complete: bool = True) -> Data:
    """Hand in an application."""
    return partners.FileReceived(
        observed_at=hanoi(AT), application_id="A-1", procedure=procedure, applicant="Cơ sở mẫu", complete=complete, **UNIT
    )


def answer(procedure: Procedure, given: Answer = Answer.GRANTED) -> Data:
    """Answer an application."""
    return partners.FileAnswered(
        observed_at=hanoi("2025-03-12T08:00:00"), application_id="A-1", procedure=procedure, answer=given, **UNIT
    )


def draft(stage: DraftStage, kind: DraftKind = DraftKind.NATIONAL_STANDARD, *, at: str = AT, urgent: bool = False) -> Data:
    """Let a draft reach a stage."""
    return partners.DraftAdvanced(
        observed_at=hanoi(at), draft_id="D-1", draft_kind=kind, stage=stage, title="Dự thảo mẫu", urgent=urgent, **UNIT
    )


def commented(due: str, duty: str, kind: DraftKind = DraftKind.NATIONAL_STANDARD, *, urgent: bool = False) -> Row:
    """Send a draft for comments, and close them long after."""
    closed = draft(DraftStage.COMMENTS_CLOSED, kind, at="2025-09-01T08:00:00")
    return Row(draft(DraftStage.SENT_FOR_COMMENTS, kind, urgent=urgent), duty, due, closed)


ROWS = {
    "M10": Row(
        file(Procedure.QUANTITY_MARK_DECLARATION, complete=False),
        "quantity_mark_supplements",
        "2025-03-14",
        answer(Procedure.QUANTITY_MARK_DECLARATION, Answer.SUPPLEMENTS_ASKED),
    ),
    "M11": Row(
        file(Procedure.QUANTITY_MARK_DECLARATION),
        "quantity_mark_confirmation",
        "2025-03-18",
        answer(Procedure.QUANTITY_MARK_DECLARATION),
    ),
    "M12": Row(file(Procedure.TYPE_APPROVAL), "type_approval", "2025-03-25", answer(Procedure.TYPE_APPROVAL)),
    "M13": Row(file(Procedure.VERIFIER_CARD), "verifier_certification", "2025-04-01", answer(Procedure.VERIFIER_CARD)),
    "S01": commented("2025-05-12", "comment_period"),  # the 10th is a Saturday
    "S02": commented("2025-04-10", "urgent_comment_period", urgent=True),
    "S03": Row(
        draft(DraftStage.APPRAISAL_FILE_VALID), "appraisal", "2025-05-12", draft(DraftStage.APPRAISED, at="2025-04-01T08:00:00")
    ),
    "S04": commented("2025-04-10", "plan_comment_period", DraftKind.DRAFTING_PLAN),
    "S08": Row(draft(DraftStage.ISSUED), "standard_review", "2028-03-13", draft(DraftStage.REVIEWED, at="2027-01-01T08:00:00")),
    "S09": Row(
        draft(DraftStage.ISSUED, DraftKind.NATIONAL_REGULATION),
        "regulation_review",
        "2030-03-11",
        draft(DraftStage.REVIEWED, DraftKind.NATIONAL_REGULATION, at="2027-01-01T08:00:00"),
    ),
    "T02": Row(
        partners.ContactChanged(observed_at=hanoi(AT), change_id="C-1", **UNIT),
        "contact_change_report",
        "2025-03-11",
        partners.ContactReported(observed_at=hanoi("2025-03-11T10:00:00"), change_id="C-1", **UNIT),
    ),
    "T03": Row(
        partners.MeetingCalled(
            observed_at=hanoi(AT), meeting_id="B-1", title="Họp mẫu", meets_at=hanoi("2025-04-15T08:00:00"), **UNIT
        ),
        "board_papers",
        "2025-04-03",  # Hùng Kings' day on the 7th
        partners.MeetingPapersSent(observed_at=hanoi("2025-04-01T10:00:00"), meeting_id="B-1", **UNIT),
    ),
    "T04": Row(
        partners.NotificationCirculated(observed_at=hanoi(AT), symbol="G/TBT/N/VNM/9999", title="Dự thảo mẫu", **UNIT),
        "tbt_comment_period",
        "2025-05-12",
        partners.CommentsClosed(observed_at=hanoi("2025-09-01T08:00:00"), symbol="G/TBT/N/VNM/9999"),
    ),
    "T05": Row(
        partners.DocumentsRequested(observed_at=hanoi(AT), request_id="Q-1", member="JPN", **UNIT),
        "tbt_documents",
        "2025-03-18",
        partners.DocumentsSent(observed_at=hanoi("2025-03-12T08:00:00"), request_id="Q-1"),
    ),
    "I02": Row(
        partners.AgencyChecked(
            observed_at=hanoi(AT), check_id="K-1", agency="SAMPLE-AGENCY-1", on_site=True, nonconformities=1, **UNIT
        ),
        "corrective_action_report",
        "2025-05-12",  # the 11th is a Sunday
        partners.CorrectionReported(observed_at=hanoi("2025-04-01T08:00:00"), check_id="K-1", agency="SAMPLE-AGENCY-1", **UNIT),
    ),
}

# Row -> the case it starts in, its duty, and when that is due.
CASES = {
    "Q01": (Track.LABELS_AND_MARKS, "report_to_agency", hanoi("2025-03-12T09:30:00")),
    "Q02": (Track.TEST_RESULTS, "report_to_agency", hanoi("2025-03-12T09:30:00")),
    "Q06": (Track.TEST_RESULTS, "handling_decision", hanoi("2025-03-14" + END)),
    "M01": (Track.METROLOGY, "suspension_notice", hanoi("2025-03-14" + END)),
    "M05": (Track.METROLOGY, "handling_decision", hanoi("2025-03-26" + END)),
}

# Row -> each duty that comes round, one of its periods, and the last day of that.
CALENDAR = {
    "S05": [("drafting_plan_adjustment", "2025", "2025-09-30")],
    "S06": [("drafting_progress_report", "2025-H1", "2025-06-30"), ("drafting_progress_report", "2025-H2", "2025-12-31")],
    "S07": [("local_regulations_report", "2025", "2025-12-31")],
    "T01": [("tbt_activity_report", "2025-H1", "2025-06-30"), ("tbt_activity_report", "2025-H2", "2025-12-31")],
    "R01": [("quantity_mark_use_report", "2024", "2025-01-30")],
    "R02": [("prepackage_supervision_report", "2024", "2025-03-30")],  # a Sunday: a date of the calendar is not moved
    "R03": [("verification_body_report", "2024", "2025-03-30")],
    "R04": [("control_verification_report", "2025", "2025-05-29")],
    "R05": [("control_verification_numbers", "2025", "2025-06-29")],
    "R06": [("market_scales_report", "2025", "2025-12-15")],
    "R07": [("iso_9001_activity_report", "2025", "2025-11-30")],
    "R08": [
        ("weekly_report_team", "2025-W11", "2025-03-12"),
        ("weekly_report_province", "2025-W11", "2025-03-13"),
        ("weekly_report_national", "2025-W11", "2025-03-14"),
    ],
    "R09": [
        ("monthly_report_team", "2025-02", "2025-02-17"),
        ("monthly_report_province", "2025-02", "2025-02-20"),
        ("monthly_report_national", "2025-02", "2025-02-23"),
    ],
    "I01": [("agency_check", "2025", "2025-12-31")],
}


# Rows that wait for acts of a case which inspection does not publish yet.
AWAITED = {"Q03", "Q04", "Q05", "Q07", "Q08", "M02", "M03", "M04", "M06", "M07"}


def test_every_row_is_started_here_or_says_why_not() -> None:
    """The table has 47 rows; none is dropped and none is in two places."""
    assert len(TABLE) == 47
    started = [*ROWS, *CASES, *CALENDAR]
    assert sorted([*started, *WITHOUT_CLOCK, *AWAITED]) == sorted(TABLE)
    assert {row for rule in clock_rules() for row in rule.rows} == set(started)
    assert all(one.why_vi and one.why_en for one in WITHOUT_CLOCK.values())


@pytest.mark.parametrize("row", ROWS)
def test_an_event_starts_the_clock_and_an_act_stops_it(planning: Planning, row: str) -> None:
    """Due when the law says, running until the act, met by it; nothing is announced that was done."""
    starts, duty, due, stops = ROWS[row]
    planning.react(published(starts, "starts"))
    clock = planning.clock(duty)
    assert (clock["due_at"], clock["state"]) == (hanoi(due + END), "running")
    planning.react(published(stops, "stops"))
    [clock] = [one for one in planning.rows_of("clocks") if (one["duty"], one["started_at"]) == (duty, hanoi(AT))]
    assert clock["state"] == "met"


@pytest.mark.parametrize("row", ROWS)
def test_the_act_may_come_before_what_started_the_clock(planning: Planning, row: str) -> None:
    """Whichever event arrives first, the clock is the same."""
    starts, duty, due, stops = ROWS[row]
    planning.react(published(stops, "stops"))
    planning.react(published(starts, "starts"))
    [clock] = [one for one in planning.rows_of("clocks") if (one["duty"], one["started_at"]) == (duty, hanoi(AT))]
    assert (clock["due_at"], clock["state"]) == (hanoi(due + END), "met")


@pytest.mark.parametrize("row", CASES)
def test_a_case_starts_the_clocks_of_its_track(planning: Planning, row: str) -> None:
    """The finding, or the report of it, starts what the law wants next."""
    track, duty, due = CASES[row]
    story = Story(1, track=track, product=SCALE)
    planning.react(story.violation(AT), story.opened(AT), story.measure(AT))
    assert planning.clock(duty)["due_at"] == due


@pytest.mark.parametrize("row", CALENDAR)
def test_the_calendar_starts_what_a_plan_says_is_owed(planning: Planning, row: str) -> None:
    """Each period of the year has its clock from the approval on; the report of that period, and no other, meets it."""
    for duty, period, due in CALENDAR[row]:
        owing = plan({"counts": INSPECTIONS}, plan_id=f"SAMPLE-{duty}", approved_on="2025-01-02", duties=[{"duty": duty}])
        with planning.transaction(hanoi("2025-01-02T08:00:00")) as uow:
            approve(owing, uow)
        subject = f"periodic_duty/{duty}/{period}/SAMPLE-UNIT-46"
        [clock] = [one for one in planning.rows_of("clocks") if one["subject_id"] == subject]
        assert (clock["due_at"], clock["state"]) == (hanoi(due + END), "running")
        report = partners.ReportReceived(observed_at=hanoi(f"{due}T10:00:00"), report=duty, period=period, **UNIT)
        planning.react(published(report, f"report {duty} {period}"))
        met = {one["subject_id"] for one in planning.rows_of("clocks") if one["state"] == "met"}
        assert subject in met
        assert {one for one in met if f"/{duty}/" in one} <= {
            f"periodic_duty/{duty}/{this[1]}/SAMPLE-UNIT-46" for this in CALENDAR[row]
        }


@pytest.mark.parametrize("row", [*ROWS, *CASES])
def test_amount_and_unit_are_those_of_the_table(row: str) -> None:
    """A number typed wrong is noticed."""
    [limit] = {rule.limit for rule in clock_rules() if row in rule.rows}
    amount, unit = TABLE[row]["amount"], TABLE[row]["unit"]
    if isinstance(limit, Ahead):
        assert (limit.working_days, unit) == (int(amount), "working_day")
    elif isinstance(limit, AtOnce):
        assert (amount, TABLE[row]["clock"]) == ("", "immediately")
    else:
        assert limit == Term(int(amount), Unit(unit))


def test_every_duty_has_its_words() -> None:
    """Notices and pages name a duty in both languages, and its rule states it in full."""
    for rule in clock_rules():
        assert rule.vi
        assert rule.en
        assert rule.source
        for locale in LOCALES:
            assert f"duty.{rule.duty}" in catalogue(locale), rule.duty
