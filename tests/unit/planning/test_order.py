"""Whatever the order in which events of different sites come, and however they are cut into batches, planning says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.planning.handlers.plans import approve
from services.planning.model.plans import YearPlan
from shared.contracts.envelope import Event
from shared.contracts.partners import Activity
from shared.contracts.planning import DeadlineApproaching, DeadlineMissed, InspectionProposed, ItemProgressed
from shared.contracts.vocabulary import Measure, ProductGroup, RiskLevel, Track
from shared.kernel.deadlines import local_day
from tests.unit.planning.story import SCALE, Planning, Story, batches, hanoi, survey

PLAN = msgspec.convert(
    {
        "plan_id": "SAMPLE-PLAN",
        "title": "Kế hoạch mẫu",
        "unit": "SAMPLE-UNIT-46",
        "year": 2025,
        "approved_on": "2025-01-10",
        "key_tasks": [
            {
                "id": "1",
                "title": "Nhiệm vụ mẫu",
                "items": [
                    {"id": "a", "title": "Tập huấn", "target": 3, "counts": {"event": "survey.answered", "topics": ["lpg"]}},
                    {"id": "b", "title": "Vụ việc", "target": 2, "counts": {"event": "inspection.case_closed"}},
                ],
            }
        ],
    },
    YearPlan,
)

# Three sites, each with a history of its own; hours apart, over several days and a weekend.
ONE, TWO, THREE = Story(1), Story(2, track=Track.METROLOGY, product=SCALE), Story(3, track=Track.LABELS_AND_MARKS)
AGAIN = Story(1, case=2)
HISTORIES: list[list[Event[Any]]] = [
    [
        ONE.complaint("2025-03-10T08:00:00"),
        ONE.violation("2025-03-11T09:00:00"),
        ONE.opened("2025-03-11T09:00:00"),
        ONE.measure("2025-03-11T09:05:00"),
        ONE.risk("2025-03-11T15:00:00", RiskLevel.SERIOUS),
        ONE.violation("2025-03-12T10:00:00", number=2),
        ONE.risk("2025-03-12T15:00:00", RiskLevel.LOW),
        ONE.measure("2025-03-14T15:00:00", Measure.HANDLING_DECISION),
        ONE.closed("2025-03-17T09:00:00"),
        AGAIN.violation("2025-03-18T09:00:00"),
        AGAIN.opened("2025-03-18T09:00:00"),
    ],
    [
        TWO.violation("2025-03-11T09:30:00"),
        TWO.opened("2025-03-11T09:30:00"),
        TWO.measure("2025-03-17T10:00:00"),
        TWO.closed("2025-04-20T10:00:00"),
    ],
    [
        THREE.violation("2025-03-10T09:30:00", at="2025-03-13T09:30:00"),
        THREE.opened("2025-03-13T09:30:00"),
        THREE.measure("2025-03-13T09:30:00"),
        THREE.complaint("2025-03-14T10:00:00"),
        THREE.measure("2025-03-18T23:59:59", Measure.HANDLING_DECISION),
    ],
    [survey(1, "2025-03-11T08:00:00", Activity.TRAINING_CLASS, topics=[ProductGroup.LPG], count=2)],
    [survey(2, "2025-03-11T08:00:00", Activity.TRAINING_CLASS, topics=[ProductGroup.LPG, ProductGroup.TOY])],
    [survey(3, "2025-03-12T08:00:00", Activity.TRAINING_CLASS, topics=[ProductGroup.TOY])],
]
IN_TURN = [event for history in HISTORIES for event in history]
END = "2026-01-01T00:00:00"
Said = tuple[dict[str, list[dict[str, Any]]], set[tuple[Any, ...]]]
CUTS = st.lists(st.integers(0, 40), max_size=6)


@pytest.fixture(scope="module")
def one_planning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planning]:
    """Give one database for all examples; each example clears it."""
    planning = Planning(tmp_path_factory.mktemp("planning"))
    yield planning
    planning.database.close()


@st.composite
def interleaved(draw: st.DrawFn) -> list[Event[Any]]:
    """Merge the histories in any way that keeps the order of each."""
    left = [list(history) for history in HISTORIES]
    merged = []
    while any(left):
        history = draw(st.sampled_from([one for one in left if one]))
        merged.append(history.pop(0))
    return merged


def said(planning: Planning) -> set[tuple[Any, ...]]:
    """Return what planning announced, without what is only the order of steps within a plan."""
    deadlines = {(one.id, one.data) for one in planning.emitted(DeadlineApproaching, DeadlineMissed)}
    proposals = {(one.id, one.data.proposal_id, one.data.not_after) for one in planning.emitted(InspectionProposed)}
    steps = {(one.id, one.data.item_id, one.data.added) for one in planning.emitted(ItemProgressed)}
    return {tuple(map(repr, one)) for one in deadlines | proposals | steps}


def kept(planning: Planning) -> dict[str, list[dict[str, Any]]]:
    """Return all that planning keeps but the wording of proposals, which may speak of what was known at the time."""
    dump = planning.dump()
    hidden = ("score", "reasons", "proposed_at", "not_after")
    dump["proposals"] = [{name: value for name, value in row.items() if name not in hidden} for row in dump["proposals"]]
    return dump


def run(planning: Planning, groups: Sequence[Sequence[Event[Any]]]) -> None:
    """Clear, approve the plan, let the batches in at one moment, and announce at the end of the year."""
    planning.clear()
    with planning.transaction(hanoi("2025-01-10T00:00:00")) as uow:
        approve(PLAN, uow)
    for group in groups:
        planning.react(*group, now=hanoi("2025-02-01T00:00:00"))
    planning.announce(END)


@settings(max_examples=20)
@given(events=interleaved(), cuts=CUTS)
def test_interleaving_and_batches_change_nothing(
    one_planning: Planning, expected: Said, events: list[Event[Any]], cuts: list[int]
) -> None:
    """Clocks, progress, proposals and announcements are the same as one site after the other, one event a batch."""
    run(one_planning, list(batches(events, cuts)))
    assert (kept(one_planning), said(one_planning)) == expected


@settings(max_examples=20)
@given(events=st.permutations(IN_TURN), cuts=CUTS)
def test_clocks_and_progress_do_not_depend_on_any_order(
    one_planning: Planning, expected: Said, events: list[Event[Any]], cuts: list[int]
) -> None:
    """Even the events of one site may come in any order: clocks and progress are functions of legal times and sums."""
    run(one_planning, list(batches(events, cuts)))
    found, wanted = kept(one_planning), expected[0]
    for name in ("clocks", "moments", "subjects", "progress", "activities", "site_signals", "validated_levels"):
        assert found[name] == wanted[name]


@pytest.fixture(scope="module")
def expected(one_planning: Planning) -> Said:
    """Return what is said when one site comes after the other, one event a batch."""
    run(one_planning, [[event] for event in IN_TURN])
    return kept(one_planning), said(one_planning)


def by_day(events: Sequence[Event[Any]]) -> dict[date, list[Event[Any]]]:
    """Group events by the local day they were published on, the days in order."""
    days: dict[date, list[Event[Any]]] = {}
    for event in sorted(events, key=lambda one: local_day(one.time)):
        days.setdefault(local_day(event.time), []).append(event)
    return days


def run_by_day(planning: Planning, events: Sequence[Event[Any]], cuts: Sequence[int]) -> tuple[Said, list[Any]]:
    """Process a file as the embedded mode does, and return what is kept, announced and proposed."""
    planning.clear()
    with planning.transaction(hanoi("2025-01-10T00:00:00")) as uow:
        approve(PLAN, uow)
    for day, of_day in by_day(events).items():
        start = datetime.combine(day, datetime.min.time()).isoformat()
        planning.announce(start)
        for group in batches(of_day, cuts):
            planning.react(*group, now=hanoi(start))
    planning.announce(END)
    scores = [(row["proposal_id"], row["score"], row["reasons"]) for row in planning.rows_of("proposals")]
    return (kept(planning), said(planning)), scores


@pytest.fixture(scope="module")
def expected_by_day(one_planning: Planning) -> tuple[Said, list[Any]]:
    """Return what is said when one site comes after the other."""
    return run_by_day(one_planning, IN_TURN, [])


@settings(max_examples=20)
@given(events=interleaved(), cuts=CUTS)
def test_a_run_day_by_day_always_says_the_same(
    one_planning: Planning, expected_by_day: tuple[Said, list[Any]], events: list[Event[Any]], cuts: list[int]
) -> None:
    """With the timer at the start of each day, as when a file is processed, every announcement and score is the same."""
    assert run_by_day(one_planning, events, cuts) == expected_by_day


def test_the_histories_hold_something_of_each_kind(one_planning: Planning) -> None:
    """The properties above would say nothing of clocks that never end or proposals never made."""
    run(one_planning, [IN_TURN])
    states = [(row["duty"], row["state"], row["late_on_arrival"]) for row in one_planning.rows_of("clocks")]
    assert sorted(states) == [
        ("handling_decision", "met", False),
        ("handling_decision", "met", False),
        ("handling_decision", "missed", False),
        ("report_to_agency", "met", False),
        ("report_to_agency", "missed", False),
        ("report_to_agency", "over_on_arrival", True),
        ("suspension_notice", "missed", False),
    ]
    assert len(one_planning.rows_of("proposals")) == 3
    assert {row["item_id"]: row["done"] for row in one_planning.rows_of("progress")} == {"a": 3, "b": 2}
