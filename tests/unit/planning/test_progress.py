"""Plans: loading, revising, and items that advance by themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from services.planning import queries
from services.planning.handlers.plans import Approval, approve
from services.planning.model.plans import YearPlan
from services.planning.queries import year_plans
from services.planning.rules.activities_count_towards_items import COUNTED, activity_of
from services.planning.tables import activities, plan_items
from shared.contracts.inspection import CaseClosed
from shared.contracts.partners import Activity
from shared.contracts.planning import ItemProgressed, PlanApproved
from shared.contracts.registry import contracts
from shared.contracts.vocabulary import Outcome, ProductGroup
from shared.kernel.errors import NotFound
from tests.unit.planning.story import Planning, Story, hanoi, survey

CLASSES = {"event": "survey.answered", "activity": "training_class", "topics": ["petrol", "lpg"], "unit": "SAMPLE-UNIT-46"}
TODAY = date(2025, 6, 1)
INSPECTIONS = {"event": "survey.answered", "activity": "inspection"}


def plan(*items: dict[str, Any], **given: Any) -> YearPlan:
    """Return a sample plan of one key task."""
    numbered = [{"id": f"1.{n}", "title": f"Chỉ tiêu mẫu {n}", "target": 2, **item} for n, item in enumerate(items, 1)]
    head = {"plan_id": "SAMPLE-PLAN", "title": "Kế hoạch mẫu", "unit": "SAMPLE-UNIT-46", "unit_province": "46", "year": 2025}
    body = {"approved_on": "2025-01-10", "key_tasks": [{"id": "1", "title": "Nhiệm vụ mẫu", "items": numbered}]}
    return msgspec.convert({**head, **body, **given}, YearPlan)


def load(planning: Planning, year_plan: YearPlan, now: str = "2025-01-10T08:00:00") -> Approval:
    """Approve a plan."""
    with planning.transaction(hanoi(now)) as uow:
        return approve(year_plan, uow)


def done(planning: Planning) -> dict[str, int]:
    """Return how far the items of the sample plan are."""
    with planning.database.reading() as connection:
        [task] = year_plans.plan(connection, "SAMPLE-PLAN", TODAY)["key_tasks"]
    return {item["id"]: item["done"] for item in task["items"]}


def steps(planning: Planning) -> list[tuple[str, int, int]]:
    """Return what was told of progress: item, added, done after it."""
    return [(event.data.item_id, event.data.added, event.data.done) for event in planning.emitted(ItemProgressed)]


def test_an_event_advances_the_items_that_ask_for_it(planning: Planning) -> None:
    """Each attribute an item asks for must be met; one value of several is enough."""
    load(planning, plan({"counts": CLASSES}, {"counts": INSPECTIONS}))
    planning.react(
        survey(1, "2025-03-01T08:00:00", Activity.TRAINING_CLASS, topics=[ProductGroup.LPG, ProductGroup.TOY]),
        survey(2, "2025-03-02T08:00:00", Activity.TRAINING_CLASS, topics=[ProductGroup.TOY]),
        survey(3, "2025-03-03T08:00:00", Activity.TRAINING_CLASS, topics=[ProductGroup.PETROL], unit="SAMPLE-UNIT-01"),
        survey(4, "2025-03-04T08:00:00", Activity.INSPECTION, count=3),
        survey(5, "2025-03-05T08:00:00", Activity.TRAINING_CLASS, topics=[ProductGroup.PETROL]),
        survey(6, "2025-03-05T08:00:00", Activity.TRAINING_CLASS),
    )
    assert done(planning) == {"1.1": 2, "1.2": 3}
    assert steps(planning) == [("1.1", 1, 1), ("1.2", 3, 3), ("1.1", 1, 2)]
    reached = planning.emitted(ItemProgressed)[-1]
    assert (reached.data.kind, reached.causationid) == ("reached", "survey 5")
    assert reached.data.observed_at == hanoi("2025-03-05T08:00:00")


def test_any_of_several_values_is_enough(planning: Planning) -> None:
    """An item may ask for several units and topics; an event that has two of them counts once."""
    topics = {"event": "survey.answered", "topics": ["lpg", "petrol"]}
    load(
        planning, plan({"counts": {"event": "survey.answered", "unit": ["SAMPLE-UNIT-01", "SAMPLE-UNIT-46"]}}, {"counts": topics})
    )
    planning.react(
        survey(
            1, "2025-03-01T08:00:00", Activity.INSPECTION, unit="SAMPLE-UNIT-46", topics=[ProductGroup.LPG, ProductGroup.PETROL]
        ),
        survey(2, "2025-03-01T08:00:00", Activity.INSPECTION, unit="SAMPLE-UNIT-01", topics=[ProductGroup.PETROL]),
        survey(3, "2025-03-01T08:00:00", Activity.INSPECTION, unit="SAMPLE-UNIT-79", topics=[ProductGroup.LPG]),
        survey(4, "2025-03-01T08:00:00", Activity.INSPECTION, unit="SAMPLE-UNIT-79"),
    )
    assert done(planning) == {"1.1": 2, "1.2": 3}


def test_other_events_advance_items_by_data_alone(planning: Planning) -> None:
    """Verdicts, cases and violations are counted by what an item asks of them."""
    load(
        planning,
        plan(
            {"counts": {"event": "inspection.verdict_reached", "outcome": ["conforming", "nonconforming"], "province": "46"}},
            {"counts": {"event": "inspection.case_closed", "reason": "remedied", "topics": "petrol"}},
            {"counts": {"event": "inspection.violation_detected", "violation_kind": "dispenser_error"}},
        ),
    )
    story = Story(1)
    planning.react(
        story.verdict("2025-03-01T08:00:00"),
        story.verdict("2025-03-01T09:00:00", Outcome.INCONCLUSIVE),
        story.violation("2025-03-01T10:00:00"),
        story.closed("2025-03-02T10:00:00"),
    )
    assert done(planning) == {"1.1": 1, "1.2": 1, "1.3": 0}


def test_the_year_is_the_vietnamese_one(planning: Planning) -> None:
    """One minute before and at midnight of the new year, which is 17:00 in UTC."""
    load(planning, plan({"counts": INSPECTIONS}))
    planning.react(
        survey(1, "2024-12-31T23:59:00", Activity.INSPECTION, count=1),
        survey(2, "2025-01-01T00:00:00", Activity.INSPECTION, count=10),
        survey(3, "2025-12-31T23:59:00", Activity.INSPECTION, count=100),
        survey(4, "2026-01-01T00:00:00", Activity.INSPECTION, count=1000),
    )
    assert done(planning) == {"1.1": 110}


def test_a_plan_that_comes_late_counts_what_was_done_before(planning: Planning) -> None:
    """Loaded before or after the events, the progress and the sum of what was told are the same."""
    events = [survey(number, f"2025-03-0{number}T08:00:00", Activity.INSPECTION, count=number) for number in range(1, 6)]
    planning.react(*events[:3])
    load(planning, plan({"counts": INSPECTIONS, "target": 10}), now="2025-06-01T08:00:00")
    assert steps(planning) == [("1.1", 6, 6)]
    planning.react(*events[3:])
    assert done(planning) == {"1.1": 15}
    assert steps(planning) == [("1.1", 6, 6), ("1.1", 4, 10), ("1.1", 5, 15)]


def test_the_same_plan_again_changes_nothing(planning: Planning) -> None:
    """Neither a row nor an event."""
    assert load(planning, plan({"counts": INSPECTIONS})) == Approval(plan_id="SAMPLE-PLAN", revision=1, new=True)
    planning.react(survey(1, "2025-03-01T08:00:00", Activity.INSPECTION))
    before, told = planning.dump(), planning.emitted()
    assert load(planning, plan({"counts": INSPECTIONS}), now="2025-04-01T08:00:00") == Approval(
        plan_id="SAMPLE-PLAN", revision=1, new=False
    )
    assert (planning.dump(), planning.emitted()) == (before, told)


def test_a_changed_plan_is_a_new_revision_and_keeps_progress(planning: Planning) -> None:
    """What an item counted stays counted, new items count the past, dropped ones are gone."""
    load(planning, plan({"counts": INSPECTIONS}, {"counts": CLASSES}))
    planning.react(
        survey(1, "2025-03-01T08:00:00", Activity.INSPECTION),
        survey(2, "2025-03-01T08:00:00", Activity.MARKET_SURVEY, topics=[ProductGroup.TOY]),
    )
    surveys = {"event": "survey.answered", "activity": "market_survey"}
    changed = plan(
        {"counts": INSPECTIONS, "target": 7}, {"id": "1.9", "counts": surveys}, approved_on="2025-06-01", reason="Điều chỉnh mẫu"
    )
    assert load(planning, changed, now="2025-06-01T08:00:00").revision == 2
    assert done(planning) == {"1.1": 1, "1.9": 1}
    assert steps(planning) == [("1.1", 1, 1), ("1.9", 1, 1)]
    approvals = [(event.data.revision, event.data.items, event.data.observed_at) for event in planning.emitted(PlanApproved)]
    assert approvals == [(1, 2, hanoi("2025-01-10T00:00:00")), (2, 2, hanoi("2025-06-01T00:00:00"))]
    assert {row["item_id"] for row in planning.rows(plan_items)} == {"1.1", "1.9"}
    planning.react(survey(3, "2025-07-01T08:00:00", Activity.INSPECTION))
    assert done(planning) == {"1.1": 2, "1.9": 1}


def test_going_back_to_an_earlier_text_is_one_more_revision(planning: Planning) -> None:
    """Each revision is told of with an id of its own."""
    first, second = (plan({"counts": INSPECTIONS, "target": target}, reason="Lý do mẫu") for target in (2, 3))
    assert [load(planning, one).revision for one in (first, second, first)] == [1, 2, 3]
    assert len({event.id for event in planning.emitted(PlanApproved)}) == 3


def test_many_verdicts_make_few_rows(planning: Planning) -> None:
    """The busiest event is kept as sums, so that a year of it stays small."""
    story = Story(1)
    planning.react(*(story.verdict(f"2025-03-{day:02}T08:00:00") for day in range(1, 29)))
    planning.react(*(story.verdict(f"2025-04-{day:02}T08:00:00") for day in range(1, 29)))
    march, april = planning.rows(activities)
    assert (march["event_type"], march["year"], march["month"], march["done"]) == ("inspection.verdict_reached", 2025, 3, 28)
    assert (april["month"], april["done"]) == (4, 28)


def test_plans_are_shown_with_their_roll_up(planning: Planning) -> None:
    """Items, key tasks and programmes are reached or not; an item may serve several programmes."""
    load(
        planning,
        plan(
            {"counts": INSPECTIONS, "target": 1, "programmes": ["Đề án 996", "Chương trình 1322"]},
            {"counts": CLASSES, "programmes": ["Đề án 996"]},
        ),
    )
    planning.react(survey(1, "2025-03-01T08:00:00", Activity.INSPECTION))
    with planning.database.reading() as connection:
        [listed] = queries.plans_in_force(connection, 2025)
        assert queries.plans_in_force(connection, 2024) == []
        shown = year_plans.plan(connection, "SAMPLE-PLAN", TODAY)
        with pytest.raises(NotFound):
            year_plans.plan(connection, "SAMPLE-OTHER", TODAY)
    assert (listed["items"], listed["items_reached"], listed["revision"]) == (2, 1, 1)
    assert shown["key_tasks_reached"] == 0
    assert shown["programmes"] == [
        {"name": "Chương trình 1322", "items": 1, "items_reached": 1, "done": 1, "budget": 0},
        {"name": "Đề án 996", "items": 2, "items_reached": 1, "done": 1, "budget": 0},
    ]
    assert shown["total"] == {"items": 2, "items_reached": 1, "done": 1, "budget": 0}
    assert msgspec.json.decode(msgspec.json.encode(shown))["year"] == 2025


@pytest.mark.parametrize(("approved_on", "counted"), [("2025-06-30", 2), ("2025-07-01", 3)])
def test_an_item_of_a_merged_province_counts_its_parts(planning: Planning, approved_on: str, counted: int) -> None:
    """What 15 means is that of the day of the approval: Yên Bái alone, or Lào Cai with its former part 10."""
    load(planning, plan({"counts": {**INSPECTIONS, "province": "15"}, "target": 9}, approved_on=approved_on))
    for number, (day, province) in enumerate((("2025-03-01", "10"), ("2025-03-02", "15"), ("2025-08-01", "15")), 1):
        planning.react(survey(number, f"{day}T08:00:00", Activity.INSPECTION, unit_province=province))
    assert done(planning) == {"1.1": counted}


@pytest.mark.parametrize("event_type", sorted(COUNTED))
def test_every_counted_event_has_what_items_may_ask_for(event_type: str) -> None:
    """A line in the table that names a missing attribute, or one no item can state, would fail only in service."""
    data = contracts()[event_type].data.sample()
    story = Story(1).closed("2025-03-01T08:00:00")
    activity = activity_of(msgspec.structs.replace(story, type=event_type, data=data))
    assert dict(activity.facts).keys() == set(COUNTED[event_type])
    item = {"counts": {"event": event_type, **{name: list(values) for name, values in activity.facts if values}}}
    assert plan(item).items()[0].counts.wanted().keys() <= set(COUNTED[event_type])
    assert CaseClosed.type in COUNTED
