"""Year plans as they are read: revisions, explanations, what items will come to, and what is owed by the calendar."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from services.planning.handlers.explanations import explain
from services.planning.model.periods import period_between
from services.planning.model.tasks import Explanation
from services.planning.queries import year_plans
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from services.planning.rules.pace_so_far_foretells_the_year import Basis, Outlook, foretell, last_year_by_now, working_days_gone
from shared.contracts.partners import Activity
from shared.contracts.planning import DeadlineMissed, ShortfallExplained
from shared.kernel.errors import Conflict, InvalidInput, NotFound
from tests.unit.planning.story import Planning, hanoi, survey
from tests.unit.planning.test_progress import INSPECTIONS, load, plan

AFTER = date(2026, 1, 1)


def shown(planning: Planning, on: date) -> dict[str, Any]:
    """Return the sample plan as it is shown on a day."""
    with planning.database.reading() as connection:
        return year_plans.plan(connection, "SAMPLE-PLAN", on)


def test_a_change_needs_a_reason_and_every_text_is_kept(planning: Planning) -> None:
    """Who approved which text when, why it was changed, and what became of the items."""
    load(planning, plan({"counts": INSPECTIONS}, {"counts": INSPECTIONS}, approved_by="Chi cục trưởng (mẫu)"))
    changed = {"approved_on": "2025-06-01", "approved_by": "Giám đốc Sở (mẫu)"}
    with pytest.raises(InvalidInput, match="why it is changed") as caught:
        load(planning, plan({"counts": INSPECTIONS, "target": 5}, **changed))
    assert caught.value.pointer == "/reason"
    ad_hoc = {"id": "1.9", "counts": INSPECTIONS, "ad_hoc": True}
    load(planning, plan({"counts": INSPECTIONS, "target": 5}, ad_hoc, reason="Bổ sung đột xuất (mẫu)", **changed))
    with planning.database.reading() as connection:
        newest, first = year_plans.revisions(connection, "SAMPLE-PLAN")
        with pytest.raises(NotFound):
            year_plans.revisions(connection, "SAMPLE-OTHER")
    assert (first["revision"], first["approved_by"], first["changes"]) == (1, "Chi cục trưởng (mẫu)", [])
    assert (newest["revision"], newest["approved_on"], newest["reason"]) == (2, date(2025, 6, 1), "Bổ sung đột xuất (mẫu)")
    assert [(one.item_id, one.what, one.target_before, one.target) for one in newest["changes"]] == [
        ("1.1", "changed", 2, 5),
        ("1.2", "dropped", 2, None),
        ("1.9", "added", None, 2),
    ]


def test_of_two_changes_side_by_side_the_second_is_refused(planning: Planning) -> None:
    """Where they say which revision they were written from; the same text once more is still the same."""
    load(planning, plan({"counts": INSPECTIONS}))
    mine, yours = (plan({"counts": INSPECTIONS, "target": target}, reason="Điều chỉnh (mẫu)", revises=1) for target in (5, 7))
    load(planning, mine)
    with pytest.raises(Conflict, match="revision 2"):
        load(planning, yours)
    load(planning, mine)
    with pytest.raises(Conflict, match="revision 0"):
        load(planning, plan({"counts": INSPECTIONS}, plan_id="SAMPLE-OTHER", revises=1))
    assert shown(planning, AFTER)["revision"] == 2


def test_an_item_missed_at_the_end_of_the_year_asks_for_an_explanation(planning: Planning) -> None:
    """Not on the last day of the year, from the next on, until somebody explains it; the newest explanation is shown."""
    load(planning, plan({"counts": INSPECTIONS, "target": 1}, {"counts": INSPECTIONS, "target": 2}))
    planning.react(survey(1, "2025-03-01T08:00:00", Activity.INSPECTION))
    assert [item["unexplained"] for item in shown(planning, date(2025, 12, 31))["key_tasks"][0]["items"]] == [False, False]
    assert [item["unexplained"] for item in shown(planning, AFTER)["key_tasks"][0]["items"]] == [False, True]
    for hour, text in ((8, "Bão lũ (mẫu)"), (9, "Hoãn sang năm sau (mẫu)")):
        with planning.transaction(hanoi(f"2026-01-05T0{hour}:00:00")) as uow:
            explain("SAMPLE-PLAN", "1.2", Explanation(by="Chi cục trưởng (mẫu)", text=text), uow)
    item = shown(planning, AFTER)["key_tasks"][0]["items"][1]
    assert (item["missed"], item["unexplained"], item["explanation"]["text"]) == (True, False, "Hoãn sang năm sau (mẫu)")
    told = planning.emitted(ShortfallExplained)[-1].data
    assert (told.done, told.target, told.by) == (1, 2, "Chi cục trưởng (mẫu)")
    for item_id, error in (("1.1", Conflict), ("1.9", NotFound)):
        with planning.transaction(hanoi("2026-01-05T10:00:00")) as uow, pytest.raises(error):
            explain("SAMPLE-PLAN", item_id, Explanation(by="x", text="y"), uow)


def test_an_activity_counts_once_for_each_programme_and_once_in_the_total(planning: Planning) -> None:
    """Budget and work of a shared item stand under each of its programmes; the total has them once."""
    both = {"counts": INSPECTIONS, "target": 1, "programmes": ["Đề án 996", "Đề án 100"], "budget": 30_000_000}
    load(planning, plan(both, {"counts": INSPECTIONS, "programmes": ["Đề án 996"], "budget": 10_000_000}, budget=40_000_000))
    planning.react(survey(1, "2025-03-01T08:00:00", Activity.INSPECTION))
    found = shown(planning, date(2025, 6, 1))
    assert [(one["name"], one["done"], one["budget"]) for one in found["programmes"]] == [
        ("Đề án 100", 1, 30_000_000),
        ("Đề án 996", 2, 40_000_000),
    ]
    assert found["total"] == {"items": 2, "items_reached": 1, "done": 2, "budget": 40_000_000}


def test_items_cannot_take_more_than_the_plan_has() -> None:
    """To the last đồng."""
    items = {"counts": INSPECTIONS, "budget": 10}
    assert plan(items, items, budget=20).budget == 20
    with pytest.raises(ValueError, match="the items take 20 VND; the plan has 19"):
        plan(items, items, budget=19)


GONE = (100, 250)


@pytest.mark.parametrize(
    ("done", "gone", "over", "by_now", "outlook", "projected"),
    [
        (10, GONE, False, None, Outlook.REACHED, 10),
        (4, GONE, False, None, Outlook.ON_TRACK, 10),
        (3, GONE, False, None, Outlook.BEHIND, 7),
        (9, GONE, True, None, Outlook.MISSED, 9),
        (4, (20, 250), False, None, Outlook.ON_TRACK, 50),
        (4, (19, 250), False, None, Outlook.CANNOT_BE_TOLD_YET, None),
        (0, GONE, False, None, Outlook.BEHIND, 0),
        (2, GONE, False, Fraction(1, 5), Outlook.ON_TRACK, 10),
        (2, GONE, False, Fraction(1, 4), Outlook.BEHIND, 8),
        (0, GONE, False, Fraction(0), Outlook.CANNOT_BE_TOLD_YET, None),
    ],
)
def test_the_pace_so_far_foretells_the_year(
    done: int, gone: tuple[int, int], over: bool, by_now: Fraction | None, outlook: Outlook, projected: int | None
) -> None:
    """Ten are wanted: the year goes on as it began, and before twenty working days nothing is said."""
    told = foretell(done, 10, gone, over, by_now)
    assert (told.outlook, told.projected) == (outlook, projected)


def test_last_year_tells_only_when_there_was_enough_of_it() -> None:
    """24 activities are enough; a month is done evenly."""
    assert last_year_by_now({6: 23}, date(2025, 6, 16)) is None
    assert last_year_by_now({6: 12, 12: 12}, date(2025, 6, 16)) == Fraction(1, 4)
    assert last_year_by_now({6: 12, 12: 12}, date(2025, 7, 1)) == Fraction(1, 2)


def test_working_days_are_counted_within_the_year() -> None:
    """None before it, all of them after it; the day itself is still to come."""
    _, all_days = working_days_gone(2025, date(2024, 12, 31), WORKING_DAYS)
    assert working_days_gone(2025, date(2025, 1, 2), WORKING_DAYS) == (0, all_days)
    assert working_days_gone(2025, date(2025, 1, 3), WORKING_DAYS) == (1, all_days)
    assert working_days_gone(2025, AFTER, WORKING_DAYS) == (all_days, all_days)
    assert 245 <= all_days <= 255


def test_a_forecast_uses_last_year_where_it_can(planning: Planning) -> None:
    """The same work of the year before, three quarters of it in December, says that a slow spring is no delay."""
    load(planning, plan({"counts": INSPECTIONS, "target": 40}, {"counts": {**INSPECTIONS, "topics": "toy"}, "target": 4}))
    planning.react(
        survey(1, "2024-03-01T08:00:00", Activity.INSPECTION, count=10),
        survey(2, "2024-12-01T08:00:00", Activity.INSPECTION, count=30),
        survey(3, "2025-03-01T08:00:00", Activity.INSPECTION, count=10),
    )
    with planning.database.reading() as connection:
        one, other = year_plans.forecast(connection, "SAMPLE-PLAN", date(2025, 6, 2))["items"]
    assert (one["outlook"], one["basis"], one["projected"]) == (Outlook.ON_TRACK, Basis.LAST_YEAR, 40)
    assert (other["outlook"], other["basis"], other["projected"]) == (Outlook.BEHIND, Basis.WORKING_DAYS, 0)


def test_duties_of_the_calendar_follow_the_plan(planning: Planning) -> None:
    """What fell due before the approval is not asked for; what a revision drops stops, what was missed stays missed."""
    monthly = {"duties": [{"duty": "monthly_report_province", "by": ["SAMPLE-UNIT-46", "SAMPLE-UNIT-79"]}]}
    load(planning, plan({"counts": INSPECTIONS}, approved_on="2025-10-21", **monthly), now="2025-10-21T08:00:00")
    assert [row["due_at"].month for row in planning.rows_of("clocks")].count(10) == 0
    assert len(planning.rows_of("clocks")) == 4
    told = planning.announce("2025-11-21T00:00:00")
    assert sorted((one.data.title, one.data.about) for one in told if one.type == DeadlineMissed.type) == [
        ("2025-11", "monthly_report_province/2025-11/SAMPLE-UNIT-46"),
        ("2025-11", "monthly_report_province/2025-11/SAMPLE-UNIT-79"),
    ]
    load(
        planning, plan({"counts": INSPECTIONS}, approved_on="2025-12-01", reason="Thôi báo cáo (mẫu)"), now="2025-12-01T08:00:00"
    )
    assert [row["state"] for row in planning.rows_of("clocks")] == ["missed", "missed"]


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2025, 3, 1), date(2025, 3, 31), "2025-03"),
        (date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        (date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (date(2025, 7, 1), date(2025, 12, 31), "2025-H2"),
        (date(2025, 4, 1), date(2025, 6, 30), "2025-Q2"),
        (date(2024, 12, 30), date(2025, 1, 5), "2025-W01"),
        (date(2025, 3, 1), date(2025, 3, 30), "2025-03-01..2025-03-30"),
        (date(2025, 2, 1), date(2025, 4, 30), "2025-02-01..2025-04-30"),
    ],
)
def test_periods_are_called_as_reports_call_them(first: date, last: date, name: str) -> None:
    """Months, quarters, halves, years and ISO weeks have names; anything else is its days."""
    assert period_between(first, last) == name
