"""Indicators: found by themselves, named after their files, and each counting what it says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
import pytest

from services.reporting.indicators import indicators, readers
from services.reporting.model import Point, entry_of, indicator, local_day, readers_of
from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import ActTaken, ViolationDetected
from shared.contracts.partners import AlertPublished, ComplaintReceived, SampleTested, SurveyAnswered
from shared.contracts.planning import ItemProgressed
from shared.contracts.registry import contracts
from shared.contracts.reporting import ReportIssued
from tests.unit.reporting.made_up import event_of

NAMES = {
    "activities",
    "cases_closed",
    "cases_opened",
    "cases_reopened",
    "complaints",
    "deadlines_approaching",
    "deadlines_missed",
    "drafts_moved",
    "findings",
    "foreign_alerts",
    "foreign_alerts_by_risk",
    "illegal_gain",
    "inspections_proposed",
    "late_arrivals",
    "matches_confirmed",
    "measures_ordered",
    "notices_acknowledged",
    "notices_delivered",
    "notices_failed",
    "notices_issued",
    "plan_items_reached",
    "publications",
    "tbt_notifications_due",
    "tbt_notifications_settled",
    "unit_work",
    "verdicts",
    "violations",
    "violations_by_risk",
    "violations_by_track",
}


def points(name: str, data: Data, *, published_after: timedelta = timedelta()) -> list[Point]:
    """Return what one indicator reads off one event."""
    return list(indicators()[name].points(event_of(data, "1", data.observed_at + published_after)))


def test_the_indicators_count_the_samples_of_what_they_read() -> None:
    """None of these is silent on the sample of an event it reads, but those that wait for a target or an amount."""
    silent = {
        name
        for name in NAMES
        for contract in contracts().values()
        if contract.data in indicators()[name].reads and not points(name, contract.data.sample())
    }
    assert silent == {"illegal_gain", "plan_items_reached"}


def test_every_indicator_takes_every_event_it_reads() -> None:
    """No sample makes one fail, and what they give are counts under names."""
    for event_type, found in readers().items():
        sample = contracts()[event_type].data.sample()
        for one in found:
            assert all(isinstance(kind, str) and isinstance(value, int) for kind, value in points(one.name, sample))


def test_every_indicator_is_titled_in_both_languages_and_explained() -> None:
    """A report has a Vietnamese and an English title, all different, and a sentence that says what it counts."""
    for titles in ([one.vi for one in indicators().values()], [one.en for one in indicators().values()]):
        assert all(titles)
        assert len(set(titles)) == len(titles)
    assert all(one.about.endswith(".") for one in indicators().values())


def test_names_are_stable() -> None:
    """Names are stored and stand in addresses: a name that goes missing here was renamed."""
    assert set(indicators()) >= NAMES


def test_nobody_counts_the_reports_themselves() -> None:
    """Issuing a report changes no figure, not even one that reads every event."""
    assert ReportIssued.type not in readers()

    @indicator(Data, vi="mọi sự kiện", en="all events")
    def everything(_event: Event[Data]) -> Iterable[Point]:
        """Count everything."""
        return (Point(),)

    assert ReportIssued.type not in readers_of([everything], contracts().values())
    assert len(readers_of([everything], contracts().values())) == len(contracts()) - 1


def test_readers_are_told_apart_by_type() -> None:
    """An event meets the indicators that read its type, and those that read every type."""
    found = {one.name for one in readers()[ComplaintReceived.type]}
    assert found & NAMES == {"complaints", "late_arrivals"}


@pytest.mark.parametrize(
    ("done", "added", "target", "counted"),
    [(1, 1, 2, False), (2, 1, 2, True), (3, 1, 2, False), (5, 4, 2, True), (5, 3, 2, False), (1, 1, 1, True)],
)
def test_a_plan_item_is_reached_once(done: int, added: int, target: int, counted: bool) -> None:
    """Only the step over the target counts, by however much it goes beyond."""
    step = msgspec.structs.replace(ItemProgressed.sample(), done=done, added=added, target=target)
    assert bool(points("plan_items_reached", step)) is counted


def test_an_answer_counts_for_all_its_activities() -> None:
    """An answer that stands for five training classes adds five."""
    assert points("activities", msgspec.structs.replace(SurveyAnswered.sample(), count=5)) == [Point("market_survey", 5)]


@pytest.mark.parametrize(("hours", "late"), [(0, False), (24, False), (24.001, True), (2000, True)])
def test_late_is_more_than_a_day(hours: float, late: bool) -> None:
    """An event is late when it was published more than 24 hours after the fact."""
    found = points("late_arrivals", SampleTested.sample(), published_after=timedelta(hours=hours))
    assert found == ([Point("lab.sample_tested")] if late else [])


def test_our_own_conclusions_are_not_late() -> None:
    """A violation found in a late finding is not a second late arrival."""
    assert points("late_arrivals", ViolationDetected.sample(), published_after=timedelta(days=3)) == []


def test_kinds_follow_the_indicator() -> None:
    """One event may stand under different kinds in different reports."""
    assert points("foreign_alerts", AlertPublished.sample()) == [Point("safety_gate")]
    assert points("foreign_alerts_by_risk", AlertPublished.sample()) == [Point("serious")]
    gain = msgspec.structs.replace(ActTaken.sample(), act="record_illegal_gain", illegal_gain=-14_985_000)
    assert points("illegal_gain", gain) == [Point(value=-14_985_000)]
    assert points("violations", ViolationDetected.sample()) == [Point("fuel_quality")]
    assert points("violations_by_risk", ViolationDetected.sample()) == [Point("medium")]
    assert points("violations_by_track", ViolationDetected.sample()) == [Point("test_results")]


def test_the_legal_day_is_the_day_in_viet_nam() -> None:
    """An observation late in the evening, UTC, belongs to the next day in Viet Nam."""
    sample = SampleTested.sample()
    evening = msgspec.structs.replace(sample, observed_at=sample.observed_at.replace(hour=17))
    assert entry_of(event_of(sample, "1")).day == date(2025, 3, 14)
    assert entry_of(event_of(evening, "1")).day == local_day(evening.observed_at) == date(2025, 3, 15)
