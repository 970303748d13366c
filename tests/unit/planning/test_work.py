"""Item types: files that declare steps, clocks and shares; what is recorded of everyday work, and what a new file needs."""

from __future__ import annotations

import tomllib
from typing import Any

import msgspec
import pytest

from services.planning.handlers.plans import approve
from services.planning.item_types import item_types
from services.planning.model.item_types import Share, item_type_from
from services.planning.queries.work import types, work
from services.planning.rules import clock_rules
from shared.contracts.envelope import Event
from shared.contracts.partners import Activity, AgencyChecked, Answer, FileAnswered, FileReceived, Procedure, WorkReported
from shared.contracts.planning import DeadlineMissed, ItemProgressed, WorkRecorded
from shared.kernel.errors import Permanent
from tests.unit.planning.story import Planning, hanoi, published, survey
from tests.unit.planning.test_progress import plan

HUE: dict[str, Any] = {"unit": "SAMPLE-UNIT-46", "unit_province": "46"}
AT = "2025-03-11T09:30:00"  # a Tuesday


def reported(item_type: str, step: str, at: str = AT, *, work_id: str = "W-1", about: str = "", count: int = 1) -> Event[Any]:
    """Report a step of work on the survey portal."""
    data = WorkReported(observed_at=hanoi(at), work_id=work_id, item_type=item_type, step=step, about=about, count=count, **HUE)
    return published(data, f"{item_type} {work_id} {step} {at}")


def checked(number: int, *, on_site: bool, at: str = AT) -> Event[Any]:
    """Check an agency."""
    data = AgencyChecked(observed_at=hanoi(at), check_id=f"K-{number}-{at}", agency=f"AGENCY-{number}", on_site=on_site, **HUE)
    return published(data, f"check {number} {on_site} {at}")


def shown(planning: Planning, item_type: str, year: int = 2025) -> dict[str, Any]:
    """Return what the unit did of one item type."""
    with planning.database.reading() as connection:
        [found] = [one for one in work(connection, year, unit="SAMPLE-UNIT-46") if one["item_type"] == item_type]
    return found


def test_the_six_item_types_are_found_by_themselves() -> None:
    """Each has steps, words in both languages, a source, and duties that have a clock."""
    assert set(item_types()) == {
        "iso_9001_check",
        "market_check_scales",
        "quality_award",
        "quantity_mark_declaration",
        "training_class",
        "verification_body_supervision",
    }
    running = {rule.duty for rule in clock_rules()}
    for one in types():
        assert set(one["duties"]) <= running, one["item_type"]
        assert one["duties"], one["item_type"]


@pytest.mark.parametrize(
    ("agencies", "on_site", "needed"), [(1, 1, 1), (3, 1, 1), (4, 1, 2), (4, 2, 2), (6, 1, 2), (6, 2, 2), (7, 2, 3), (7, 3, 3)]
)
def test_a_third_of_the_agencies_is_checked_on_site(planning: Planning, agencies: int, on_site: int, needed: int) -> None:
    """At least one in three, never rounded down; an agency visited twice counts once."""
    events = [checked(number, on_site=number <= on_site) for number in range(1, agencies + 1)]
    planning.react(*events, checked(1, on_site=True, at="2025-06-11T09:30:00"))
    share = shown(planning, "iso_9001_check")["share"]
    assert (share["of"], share["among"], share["needed"], share["reached"]) == (on_site, agencies, needed, on_site >= needed)


def test_a_share_without_a_least_is_always_reached() -> None:
    """It is only shown."""
    assert Share(of=["a"], among=["b"]).needed(100) == 0


def test_typed_events_are_recorded_under_their_step(planning: Planning) -> None:
    """What the one-stop desk and the survey portal tell already is counted without being told again."""
    mark: dict[str, Any] = {"application_id": "A-1", "procedure": Procedure.QUANTITY_MARK_DECLARATION, **HUE}
    planning.react(
        published(FileReceived(observed_at=hanoi(AT), applicant="Cơ sở mẫu", complete=True, **mark), "received"),
        published(FileAnswered(observed_at=hanoi(AT), answer=Answer.GRANTED, **mark), "granted"),
        published(FileAnswered(observed_at=hanoi(AT), answer=Answer.REFUSED, **mark), "refused"),
        survey(1, AT, Activity.TRAINING_CLASS, count=5),
        survey(2, AT, Activity.INSPECTION),
    )
    told = [(event.data.kind, event.data.count, event.causationid) for event in planning.emitted(WorkRecorded)]
    assert told == [
        ("quantity_mark_declaration/received", 1, "received"),
        ("quantity_mark_declaration/confirmed", 1, "granted"),
        ("training_class/held", 5, "survey 1"),
    ]
    assert [one["done"] for one in shown(planning, "training_class")["steps"]] == [5]


def test_work_stands_beside_that_of_the_year_before(planning: Planning) -> None:
    """The legal year decides: what is done on the last evening belongs to it."""
    planning.react(
        reported("market_check_scales", "checked", "2024-12-31T23:59:59", count=2),
        reported("market_check_scales", "checked", "2025-01-01T00:00:00", count=3),
    )
    [step] = shown(planning, "market_check_scales")["steps"]
    assert (step["done"], step["year_before"], step["change"]) == (3, 2, 1)


@pytest.mark.parametrize(("reported_at", "state"), [("2025-03-14T23:59:59.999999", "met"), ("2025-03-15T00:00:00", "missed")])
def test_a_verification_body_that_does_not_conform_is_reported_in_3_working_days(
    planning: Planning, reported_at: str, state: str
) -> None:
    """TT 28/2013 Art. 26(2)(b): minutes signed on Tuesday, through Friday."""
    kind = "verification_body_supervision"
    planning.react(reported(kind, "nonconforming"), reported(kind, "reported_to_lead", reported_at))
    clock = planning.clock("verification_body_suspension_report")
    assert (clock["due_at"], clock["state"]) == (hanoi("2025-03-14T23:59:59.999999"), state)


@pytest.mark.parametrize(("duty", "days"), [("iso_9001_check_report", (11, 30)), ("iso_9001_year_report", (12, 31))])
def test_the_roll_ups_of_iso_9001_fall_due(planning: Planning, duty: str, days: tuple[int, int]) -> None:
    """A plan that names the duty starts its clock; it is missed a moment after its last day."""
    with planning.transaction(hanoi("2025-01-02T08:00:00")) as uow:
        approve(plan({"counts": {"event": "survey.answered"}}, approved_on="2025-01-02", duties=[{"duty": duty}]), uow)
    last = f"2025-{days[0]:02}-{days[1]:02}T23:59:59"
    assert planning.clock(duty)["due_at"] == hanoi(f"{last}.999999")
    assert missed(planning, f"{last}.999999") == []
    assert missed(planning, "2026-01-01T00:00:00") == [duty]


def missed(planning: Planning, when: str) -> list[str]:
    """Run the timer and return the duties it announces missed."""
    return [event.data.duty for event in planning.announce(when) if event.type == DeadlineMissed.type]


def test_a_duty_without_a_time_is_open_until_it_is_done(planning: Planning) -> None:
    """It is never missed: the text at hand gives no number."""
    planning.react(reported("quality_award", "file_received"))
    assert planning.clock("quality_award_assessment")["state"] == "running"
    assert planning.announce("2030-01-01T00:00:00") == []
    planning.react(reported("quality_award", "assessed", "2025-06-01T08:00:00"))
    assert planning.clock("quality_award_assessment")["state"] == "met"


@pytest.mark.parametrize(("item_type", "step"), [("no_such_type", "checked"), ("iso_9001_check", "checked_on_site")])
def test_work_that_no_file_declares_waits_at_the_desk(planning: Planning, item_type: str, step: str) -> None:
    """An unknown type, or a step that only another event may tell of, is refused with what is known; nothing is stored."""
    with pytest.raises(Permanent, match=item_type):
        planning.react(reported(item_type, step))
    assert planning.rows_of("work_done") == []


def test_plan_items_count_work_by_type_and_step(planning: Planning) -> None:
    """A type that does not exist is an error in the plan."""
    counts = {"event": "planning.work_recorded", "item_type": "market_check_scales", "step": "checked"}
    with planning.transaction(hanoi("2025-01-02T08:00:00")) as uow:
        approve(plan({"counts": counts, "target": 3}, approved_on="2025-01-02"), uow)
    planning.react(reported("market_check_scales", "checked", count=2), reported("market_check_scales", "placed"))
    [event] = planning.emitted(ItemProgressed)
    assert (event.data.done, event.data.added) == (2, 2)
    with pytest.raises(msgspec.ValidationError, match="no item type"):
        plan({"counts": {**counts, "item_type": "market_scales"}})


NEW = """
vi = "Loại mẫu"
en = "Sample type"
source = "Luật mẫu"
[[steps]]
name = "begun"
vi = "bắt đầu"
en = "begun"
[[steps]]
name = "ended"
vi = "kết thúc"
en = "ended"
[[clocks]]
duty = "sample_duty"
vi = "Kết thúc trong 5 ngày"
en = "End within 5 days"
starts = ["begun"]
stops = ["ended"]
amount = 5
source = "Luật mẫu Điều 1"
"""


def test_a_new_file_is_a_new_type() -> None:
    """Its clock starts with its own step, without any code."""
    [rule] = item_type_from("sample", tomllib.loads(NEW)).clock_rules()
    assert (rule.started_by, rule.stopped_by) == (("survey.work_reported/sample/begun",), ("survey.work_reported/sample/ended",))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('starts = ["begun"]', 'starts = ["began"]', "no step 'began'"),
        ('name = "ended"', 'name = "ended"\nevent = "no.such"', "no event is called 'no.such'"),
        ('name = "ended"', 'name = "ended"\nwhere = {colour = "red"}', "has no 'colour'"),
        ('stops = ["ended"]\n', "", "belong together"),
        ("amount = 5", 'each_year = ["11-30"]', "either days of the year or what starts it"),
        ("amount = 5", "amounts = 5", "amounts"),
    ],
)
def test_a_file_that_is_wrong_says_where(old: str, new: str, says: str) -> None:
    """A misspelt name is an error, not a type that never counts."""
    with pytest.raises(msgspec.ValidationError, match=says):
        item_type_from("sample", tomllib.loads(NEW.replace(old, new)))


def test_a_day_that_no_year_has_is_refused() -> None:
    """The 30th of February."""
    text = NEW.replace('starts = ["begun"]\nstops = ["ended"]\namount = 5', 'each_year = ["02-30"]')
    with pytest.raises(msgspec.ValidationError, match="day is out of range"):
        item_type_from("sample", tomllib.loads(text))
