"""Statutory clocks: start, stop, announce."""

from __future__ import annotations

import pytest

from services.planning.model.acts import CLOSED, Moment, found, measure_on
from services.planning.model.clocks import Clock, ClockState, clocks_of
from services.planning.model.subjects import Subject, SubjectKind
from services.planning.rules import clock_rules
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from services.planning.tables import clocks
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed
from shared.contracts.vocabulary import Measure, Track
from tests.unit.planning.story import PETROL, SCALE, Planning, Story, hanoi, site

FOUND_AT = "2025-03-11T09:30:00"  # a Tuesday


def of(track: Track, **moments: str) -> dict[str, Clock]:
    """Return the clocks of a case by duty, from moments given as ``found`` and ``ordered``."""
    case = Subject(subject_id="case/c", kind=SubjectKind.CASE, origin="violation/v", site=site(1), product=PETROL)
    names = {"found": found(track), "ordered": measure_on(track), "closed": CLOSED}
    known = {names[name]: [Moment(hanoi(when), hanoi(when), name)] for name, when in moments.items()}
    return {clock.duty: clock for clock in clocks_of(case, known, clock_rules(), WORKING_DAYS)}


@pytest.mark.parametrize(
    ("track", "duty", "due", "source"),
    [
        (Track.LABELS_AND_MARKS, "report_to_agency", "2025-03-12T09:30:00", "Luật 05/2007/QH12 Điều 40(1)(a)"),
        (Track.TEST_RESULTS, "report_to_agency", "2025-03-12T09:30:00", "Luật 05/2007/QH12 Điều 40(2)(a)"),
        (Track.METROLOGY, "suspension_notice", "2025-03-14T23:59:59.999999", "TT 28/2013/TT-BKHCN Điều 16(1)(b)"),
        (Track.LABELS_AND_MARKS, "handling_decision", "2025-03-17T23:59:59.999999", "Luật 05/2007/QH12 Điều 47(6)"),
        (Track.TEST_RESULTS, "handling_decision", "2025-03-17T23:59:59.999999", "Luật 05/2007/QH12 Điều 47(6)"),
        (Track.METROLOGY, "handling_decision", "2025-03-27T23:59:59.999999", "Luật 04/2011/QH13 Điều 47(2)(b)"),
    ],
)
def test_each_track_has_the_clocks_of_its_law(track: Track, duty: str, due: str, source: str) -> None:
    """Found on Tuesday 11 March, reported on Wednesday the 12th: due times and articles as the law has them."""
    clock = of(track, found=FOUND_AT, ordered="2025-03-12T08:00:00")[duty]
    assert (clock.due_at, clock.source) == (hanoi(due), source)


def test_a_track_has_no_clocks_of_the_others() -> None:
    """Goods know no suspension notice, instruments no 24 hours."""
    when = {"found": FOUND_AT, "ordered": FOUND_AT}
    assert of(Track.METROLOGY, **when).keys() == {"suspension_notice", "handling_decision"}
    for track in (Track.TEST_RESULTS, Track.LABELS_AND_MARKS):
        assert of(track, **when).keys() == {"report_to_agency", "handling_decision"}


def test_a_clock_runs_only_once_its_start_is_known() -> None:
    """Without a report there is nothing to decide on."""
    assert of(Track.TEST_RESULTS, found=FOUND_AT).keys() == {"report_to_agency"}
    assert not of(Track.TEST_RESULTS)


@pytest.mark.parametrize(
    ("ordered", "state"),
    [
        ("2025-03-12T09:29:59.999999", ClockState.MET),
        ("2025-03-12T09:30:00", ClockState.MET),
        ("2025-03-12T09:30:00.000001", ClockState.MISSED),
    ],
)
def test_24_hours_are_exact_to_the_microsecond(ordered: str, state: ClockState) -> None:
    """At the due moment the act is in time, a microsecond later it is not."""
    assert of(Track.TEST_RESULTS, found=FOUND_AT, ordered=ordered)["report_to_agency"].state is state


@pytest.mark.parametrize(
    ("closed", "state"), [("2025-03-17T23:59:59.999999", ClockState.MET), ("2025-03-18T00:00:00", ClockState.MISSED)]
)
def test_the_last_day_counts_to_its_end(closed: str, state: ClockState) -> None:
    """A decision may be made until midnight of the third working day."""
    clock = of(Track.TEST_RESULTS, found=FOUND_AT, ordered="2025-03-12T08:00:00", closed=closed)["handling_decision"]
    assert clock.state is state


def test_a_mistyped_last_year_starts_no_clock() -> None:
    """No event could bear its due time, so it must not stop the timer for all others."""
    assert not of(Track.TEST_RESULTS, found="2099-12-31T20:00:00")
    assert of(Track.TEST_RESULTS, found="2099-12-30T20:00:00")


# ---------------------------------------------------------------------------------------------------------------------
# On a database


def test_start_and_stop_in_one_batch_announce_nothing(planning: Planning) -> None:
    """The automatic measure of a fresh finding satisfies the report before any timer runs."""
    story = Story(1)
    planning.react(story.violation(FOUND_AT), story.opened(FOUND_AT), story.measure(FOUND_AT))
    assert planning.clock("report_to_agency")["state"] == "met"
    assert planning.announce("2025-03-13T00:00:00") == []
    planning.react(story.measure("2025-03-13T10:00:00", Measure.HANDLING_DECISION))
    assert planning.clock("handling_decision")["state"] == "met"
    assert planning.announce("2025-12-31T00:00:00") == []


def test_several_clocks_start_in_one_batch_with_their_case(planning: Planning) -> None:
    """A batch may bring many cases; each clock knows its case, its start and what it is about."""
    stories = [Story(1), Story(2, track=Track.METROLOGY, product=SCALE), Story(3, track=Track.LABELS_AND_MARKS)]
    planning.react(
        *(make for one in stories for make in (one.violation(FOUND_AT), one.opened(FOUND_AT), one.measure("2025-03-11T10:00:00")))
    )
    told = {(row["subject_id"], row["duty"]): (row["started_at"], row["about"]) for row in planning.rows(clocks)}
    ordered = hanoi("2025-03-11T10:00:00")
    assert told == {
        ("case/SAMPLE-CASE-1-petrol-1", "report_to_agency"): (hanoi(FOUND_AT), "SAMPLE-VIOLATION-1-petrol-1-1"),
        ("case/SAMPLE-CASE-1-petrol-1", "handling_decision"): (ordered, "SAMPLE-CASE-1-petrol-1"),
        ("case/SAMPLE-CASE-2-scale-1", "suspension_notice"): (hanoi(FOUND_AT), "SAMPLE-VIOLATION-2-scale-1-1"),
        ("case/SAMPLE-CASE-2-scale-1", "handling_decision"): (ordered, "SAMPLE-CASE-2-scale-1"),
        ("case/SAMPLE-CASE-3-petrol-1", "report_to_agency"): (hanoi(FOUND_AT), "SAMPLE-VIOLATION-3-petrol-1-1"),
        ("case/SAMPLE-CASE-3-petrol-1", "handling_decision"): (ordered, "SAMPLE-CASE-3-petrol-1"),
    }


def test_a_finding_that_joins_a_case_starts_no_clock(planning: Planning) -> None:
    """Its report is the measure already in force."""
    story = Story(1)
    planning.react(story.violation(FOUND_AT), story.opened(FOUND_AT), story.measure(FOUND_AT))
    before = planning.rows(clocks)
    planning.react(story.violation("2025-03-12T09:00:00", number=2))
    assert planning.rows(clocks) == before


def test_warned_before_and_missed_after(planning: Planning) -> None:
    """An unreported finding is warned of four hours before its time and missed after it, once each."""
    story = Story(1)
    planning.react(story.violation(FOUND_AT), story.opened(FOUND_AT))
    assert planning.announce("2025-03-12T05:30:00") == []
    [warning] = planning.announce("2025-03-12T05:30:00.000001")
    assert (warning.type, warning.data.observed_at) == (DeadlineApproaching.type, hanoi("2025-03-12T05:30:00"))
    assert planning.announce("2025-03-12T09:30:00") == []
    [missed] = planning.announce("2025-03-12T09:30:00.000001")
    assert (missed.type, missed.data.observed_at, missed.data.due_at) == (
        DeadlineMissed.type,
        hanoi("2025-03-12T09:30:00"),
        hanoi("2025-03-12T09:30:00"),
    )
    assert (missed.data.case_id, missed.data.about) == (story.case_id, "SAMPLE-VIOLATION-1-petrol-1-1")
    assert planning.announce("2025-12-31T00:00:00") == []
    assert planning.clock("report_to_agency")["state"] == "missed"


def test_an_act_between_warning_and_due_time_leaves_the_warning(planning: Planning) -> None:
    """Whether the timer ran before the act became known or after, the moment of warning had passed undone."""
    for number, timer_first in ((1, True), (2, False)):
        story = Story(number)
        planning.react(story.violation(FOUND_AT), story.opened(FOUND_AT))
        if timer_first:
            planning.announce("2025-03-12T06:00:00")
        planning.react(story.measure("2025-03-12T07:00:00"))
        planning.announce("2025-03-12T12:00:00")
    told = [(event.type, event.data.case_id) for event in planning.emitted(DeadlineApproaching, DeadlineMissed)]
    assert sorted(told) == [(DeadlineApproaching.type, f"SAMPLE-CASE-{number}-petrol-1") for number in (1, 2)]


def test_a_timer_that_comes_late_says_the_same(planning: Planning) -> None:
    """Warning and miss bear their legal times however late they are announced."""
    story = Story(1)
    planning.react(story.violation(FOUND_AT), story.opened(FOUND_AT))
    told = planning.announce("2025-06-01T00:00:00")
    assert [(event.type, event.data.observed_at) for event in told] == [
        (DeadlineApproaching.type, hanoi("2025-03-12T05:30:00")),
        (DeadlineMissed.type, hanoi("2025-03-12T09:30:00")),
    ]


def test_a_late_act_misses_the_clock_once(planning: Planning) -> None:
    """An act after the time misses the clock, whether it arrives before the timer or after."""
    for number, timer_first in ((1, True), (2, False)):
        story = Story(number)
        planning.react(story.violation(FOUND_AT), story.opened(FOUND_AT))
        if timer_first:
            planning.announce("2025-03-12T12:00:00")
        planning.react(story.measure("2025-03-12T12:30:00"))
        planning.announce("2025-03-12T13:00:00")
    missed = [event.data.case_id for event in planning.emitted(DeadlineMissed)]
    assert sorted(missed) == ["SAMPLE-CASE-1-petrol-1", "SAMPLE-CASE-2-petrol-1"]
    reports = [row for row in planning.rows(clocks) if row["duty"] == "report_to_agency"]
    assert [(row["state"], row["satisfied_at"]) for row in reports] == [("missed", hanoi("2025-03-12T12:30:00"))] * 2


def test_a_timely_act_that_is_recorded_late_corrects_the_miss(planning: Planning) -> None:
    """The state is met again, counted apart, and nothing is announced a second time."""
    story = Story(1)
    planning.react(story.violation(FOUND_AT), story.opened(FOUND_AT))
    planning.announce("2025-03-13T00:00:00")
    planning.react(story.measure("2025-03-12T09:30:00", at="2025-03-13T08:00:00"))
    assert planning.clock("report_to_agency")["state"] == "met_recorded_late"
    assert planning.clock("report_to_agency")["satisfied_at"] == hanoi("2025-03-12T09:30:00")
    planning.announce("2025-03-14T00:00:00")
    assert len(planning.emitted(DeadlineMissed)) == 1


def test_what_was_over_on_arrival_is_missed_without_a_warning(planning: Planning) -> None:
    """A finding published two days after the fact comes with its time already run out."""
    story = Story(1)
    published = "2025-03-13T10:00:00"
    planning.react(story.violation(FOUND_AT, at=published), story.opened(published), story.measure(published))
    [missed] = planning.announce("2025-03-14T00:00:00")
    assert (missed.type, missed.data.late_on_arrival) == (DeadlineMissed.type, True)
    assert planning.clock("report_to_agency")["late_on_arrival"] is True


def test_a_warning_is_not_before_the_start_was_known(planning: Planning) -> None:
    """A finding that arrives two hours before its time and is reported at once needs no warning."""
    story = Story(1)
    published = "2025-03-12T07:30:00"
    planning.react(story.violation(FOUND_AT, at=published), story.opened(published), story.measure(published))
    assert planning.announce("2025-03-13T00:00:00") == []
    assert planning.clock("report_to_agency")["warn_at"] == hanoi(published)


def test_the_timer_does_all_that_is_due_in_one_run(planning: Planning) -> None:
    """More clocks than one round takes are announced all the same, each once."""
    stories = [Story(number) for number in range(620)]
    planning.react(*(make for one in stories for make in (one.violation(FOUND_AT), one.opened(FOUND_AT))))
    told = planning.announce("2025-03-13T00:00:00")
    assert len(told) == len({event.id for event in told}) == 2 * 620
    assert {row["next_at"] for row in planning.rows(clocks)} == {None}
