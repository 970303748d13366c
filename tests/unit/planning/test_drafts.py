"""Drafts: stage by stage, by events and by officers, with the articles, the least times and the hand-over to the TBT office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.handlers import drafts
from services.planning.handlers.plans import approve
from services.planning.model.drafts import Advance, Draft, NewDraft, Reached, in_order
from services.planning.queries import drafts as pipeline
from services.planning.rules.draft_that_may_hinder_trade_is_notified import notification_due
from services.planning.rules.drafts_advance_stage_by_stage import MOVES, moves_from, objection_to
from shared.contracts.envelope import Event
from shared.contracts.partners import DraftAdvanced, DraftKind, DraftStage, NotificationCirculated
from shared.contracts.planning import DraftMoved, ItemProgressed, TbtNotificationDue
from shared.kernel.errors import Conflict, NotFound
from tests.unit.planning.story import Planning, hanoi, published
from tests.unit.planning.test_progress import plan

S, K = DraftStage, DraftKind
NATIONAL: dict[str, Any] = {"unit": "SAMPLE-UNIT-NATIONAL"}
LAST_MOMENT = "T23:59:59.999999"
# Sent on Tuesday 11 March: the 60th day is a Saturday, so the least time ends on Monday 12 May.
SENT, OPEN_UNTIL, URGENT_UNTIL = "2025-03-11T09:30:00", "2025-05-12", "2025-04-10"


def draft(kind: DraftKind = K.NATIONAL_STANDARD, **known: Any) -> Draft:
    """Return a draft."""
    return Draft(draft_id="D-1", kind=kind, title="Dự thảo mẫu", unit="SAMPLE-UNIT-NATIONAL", **known)


def reached(stage: DraftStage, at: str, **told: Any) -> Reached:
    """Return a step."""
    return Reached(stage=stage, at=hanoi(at), **told)


def told(stage: DraftStage, at: str, kind: DraftKind = K.NATIONAL_STANDARD, *, draft_id: str = "D-1", **known: Any) -> Event[Any]:
    """Let a drafting body report a stage."""
    data = DraftAdvanced(
        observed_at=hanoi(at), draft_id=draft_id, draft_kind=kind, stage=stage, title="Dự thảo mẫu", **(NATIONAL | known)
    )
    return published(data, f"{draft_id} {stage} {at}")


def shown(planning: Planning, now: str = "2025-12-31T08:00:00", draft_id: str = "D-1") -> dict[str, Any]:
    """Return the draft as it is shown."""
    with planning.database.reading() as connection:
        return pipeline.draft(connection, draft_id, hanoi(now))


def register(planning: Planning, now: str, kind: DraftKind = K.NATIONAL_STANDARD, **known: Any) -> bool:
    """Take a draft into the pipeline."""
    new = NewDraft(draft_id="D-1", kind=kind, title="Dự thảo mẫu", **({"unit": "SAMPLE-UNIT-NATIONAL"} | known))
    with planning.transaction(hanoi(now)) as uow:
        return drafts.register(new, uow)


def advance(planning: Planning, now: str, stage: DraftStage, **given: Any) -> bool:
    """Let an officer move the draft."""
    with planning.transaction(hanoi(now)) as uow:
        return drafts.advance("D-1", Advance(stage=stage, by="Ban soạn thảo (mẫu)", **given), uow)


# The rules ---------------------------------------------------------------------------------------------------------

STANDARD_PATH = [
    (S.PLANNED, "2025-01-06T08:00:00"),
    (S.SENT_FOR_COMMENTS, SENT),
    (S.COMMENTS_CLOSED, "2025-05-13T08:00:00"),
    (S.APPRAISAL_FILE_VALID, "2025-05-20T08:00:00"),
    (S.APPRAISED, "2025-07-01T08:00:00"),
    (S.ISSUED, "2025-07-20T08:00:00"),
    (S.ANNOUNCED, "2025-08-01T08:00:00"),
    (S.PUBLISHED, "2025-09-01T08:00:00"),
    (S.REVIEWED, "2028-06-01T08:00:00"),
    (S.REPEALED, "2028-07-01T08:00:00"),
]


def path(until: DraftStage) -> list[Reached]:
    """Return the usual steps of a standard up to a stage."""
    steps = [reached(stage, at) for stage, at in STANDARD_PATH]
    return steps[: [step.stage for step in steps].index(until) + 1]


def test_the_usual_way_meets_no_objection() -> None:
    """Each stage of a standard may follow the one before, in time."""
    steps = path(S.REPEALED)
    for number, step in enumerate(steps):
        assert objection_to(draft(), steps[:number], step) is None, step.stage


@pytest.mark.parametrize("left_out", [S.SENT_FOR_COMMENTS, S.COMMENTS_CLOSED, S.APPRAISAL_FILE_VALID, S.APPRAISED, S.ISSUED])
def test_a_stage_that_is_skipped_is_refused_with_the_article(left_out: DraftStage) -> None:
    """What comes next names where the draft stands, and the article of the stage that was wanted."""
    steps = path(S.PUBLISHED)
    index = [step.stage for step in steps].index(left_out)
    objection = objection_to(draft(), steps[:index], steps[index + 1])
    assert objection is not None
    assert steps[index - 1].stage in objection.detail
    assert objection.source == next(move.source for move in MOVES[K.NATIONAL_STANDARD] if move.stage is steps[index + 1].stage)


@pytest.mark.parametrize("urgent", [False, True])
@pytest.mark.parametrize("kind", [K.NATIONAL_STANDARD, K.NATIONAL_REGULATION, K.LOCAL_REGULATION])
def test_comments_may_not_be_cut_short(kind: DraftKind, urgent: bool) -> None:
    """60 days, 30 for an urgent draft: a microsecond before the last day is over is refused, its last moment is not."""
    before = [reached(S.PLANNED, "2025-01-06T08:00:00"), reached(S.SENT_FOR_COMMENTS, SENT, urgent=urgent)]
    last = hanoi((URGENT_UNTIL if urgent else OPEN_UNTIL) + LAST_MOMENT)
    closing = Reached(stage=S.COMMENTS_CLOSED, at=last, urgent=urgent)
    assert objection_to(draft(kind, urgent=urgent), before, closing) is None
    early = Reached(stage=S.COMMENTS_CLOSED, at=last - timedelta(microseconds=1), urgent=urgent)
    objection = objection_to(draft(kind, urgent=urgent), before, early)
    assert objection is not None
    assert "NĐ 127/2007/NĐ-CP Điều 4a" in objection.source


def test_a_draft_sent_out_again_is_open_for_its_time_again() -> None:
    """The least time counts from the last time it was sent."""
    again = [*path(S.COMMENTS_CLOSED), reached(S.SENT_FOR_COMMENTS, "2025-06-02T08:00:00")]
    assert objection_to(draft(), again, reached(S.COMMENTS_CLOSED, "2025-07-31T08:00:00")) is not None
    assert objection_to(draft(), again, reached(S.COMMENTS_CLOSED, "2025-08-04T08:00:00")) is None


def test_a_standard_worked_over_in_120_days_needs_no_second_appraisal() -> None:
    """On the last day it is agreed to; a moment later it must be handed in again; a regulation always must."""
    returned = [*path(S.APPRAISAL_FILE_VALID), reached(S.APPRAISAL_RETURNED, "2025-06-02T08:00:00")]
    on_last_day = reached(S.APPRAISED, "2025-09-30" + LAST_MOMENT)
    assert objection_to(draft(), returned, on_last_day) is None
    late = objection_to(draft(), returned, reached(S.APPRAISED, "2025-10-01T00:00:00"))
    assert late is not None
    assert late.source == "NĐ 127/2007/NĐ-CP Điều 4a(6)"
    assert objection_to(draft(), returned, reached(S.APPRAISAL_FILE_VALID, "2025-10-01T00:00:00")) is None
    assert objection_to(draft(K.NATIONAL_REGULATION), returned, on_last_day) is not None


@pytest.mark.parametrize(
    ("kind", "urgent", "in_force_on", "refused"),
    [
        (K.NATIONAL_REGULATION, False, "2026-01-19", True),
        (K.NATIONAL_REGULATION, False, "2026-01-20", False),
        (K.LOCAL_REGULATION, False, "2026-01-19", True),
        (K.NATIONAL_REGULATION, True, "2025-07-21", False),
        (K.NATIONAL_STANDARD, False, "2025-07-21", False),
    ],
)
def test_a_regulation_takes_effect_six_months_after_its_issue(
    kind: DraftKind, urgent: bool, in_force_on: str, refused: bool
) -> None:
    """Issued on 20 July 2025, from 20 January 2026; an urgent one may be sooner, and a standard is not in force at all."""
    issued = reached(S.ISSUED, "2025-07-20T08:00:00", in_force_on=date.fromisoformat(in_force_on))
    objection = objection_to(draft(kind, urgent=urgent), path(S.APPRAISED), issued)
    assert (objection is not None) is refused
    assert objection is None or objection.source == "Luật 68/2006/QH11 Điều 34(1)"


@pytest.mark.parametrize(
    ("at", "urgent", "refused"),
    [("2025-07-11T08:00:00", False, True), ("2025-07-14T08:00:00", False, False), ("2025-07-11T08:00:00", True, False)],
)
def test_a_notified_draft_is_not_issued_while_members_may_comment(at: str, urgent: bool, refused: bool) -> None:
    """Circulated on 12 May: 60 days end on Friday 11 July; an urgent draft need not wait."""
    issued = reached(S.ISSUED, at)
    objection = objection_to(
        draft(K.NATIONAL_REGULATION, urgent=urgent), path(S.APPRAISED), issued, [hanoi("2025-05-12T08:00:00")]
    )
    assert (objection is not None) is refused


def test_what_is_made_known_is_made_known_once() -> None:
    """A second announcement of the same issue is refused."""
    steps = path(S.PUBLISHED)
    assert objection_to(draft(), steps, reached(S.ANNOUNCED, "2025-10-01T08:00:00")) is not None


@given(st.data())
def test_open_moves_and_objections_agree(data: Any) -> None:
    """Whatever way a draft went, a stage meets no objection of order exactly when it is among the open moves."""
    kind = data.draw(st.sampled_from(DraftKind))
    known, steps = draft(kind), [reached(S.PLANNED, "2020-01-06T08:00:00")]
    for _ in range(data.draw(st.integers(0, 12))):
        moves = moves_from(known, steps)
        if not moves:
            break
        stage = data.draw(st.sampled_from([move.stage for move in moves]))
        steps.append(Reached(stage=stage, at=steps[-1].at + timedelta(days=90)))
    at = steps[-1].at + timedelta(days=90)
    open_now = {move.stage for move in moves_from(known, steps)}
    free = {stage for stage in DraftStage if objection_to(known, steps, Reached(stage=stage, at=at)) is None}
    assert free <= open_now


@pytest.mark.parametrize(
    ("kind", "known", "articles", "assessed"),
    [
        (K.NATIONAL_REGULATION, {"affects_trade": True, "follows_international": False}, ["2.9.2"], True),
        (K.NATIONAL_REGULATION, {"affects_trade": True, "follows_international": True}, None, True),
        (K.NATIONAL_REGULATION, {"affects_trade": False, "follows_international": False}, None, True),
        (K.NATIONAL_REGULATION, {}, ["2.9.2"], False),
        (K.NATIONAL_REGULATION, {"affects_trade": True, "follows_international": False, "urgent": True}, ["2.10.1"], True),
        (K.LOCAL_REGULATION, {"affects_trade": True, "follows_international": False}, ["2.9.2", "3.2"], True),
        (K.NATIONAL_STANDARD, {"affects_trade": True, "follows_international": False}, None, True),
    ],
)
def test_which_drafts_are_notified(
    kind: DraftKind, known: dict[str, Any], articles: Sequence[str] | None, assessed: bool
) -> None:
    """Regulations with an effect on trade and no international standard behind them, or not assessed; never standards."""
    due = notification_due(draft(kind, **known), hanoi(SENT))
    assert (due.articles if due is not None else None) == articles
    if due is not None:
        assert due.assessed is assessed
        assert due.comments_until == (None if known.get("urgent") else hanoi(OPEN_UNTIL + LAST_MOMENT))


# By events ---------------------------------------------------------------------------------------------------------


def test_events_move_a_draft_in_any_order(planning: Planning) -> None:
    """It stands at the latest stage by legal time, and every stage is announced once."""
    events = [told(stage, at) for stage, at in STANDARD_PATH[:6]]
    for event in [*reversed(events), *events]:
        planning.react(event)
    found = shown(planning)
    assert [one["stage"] for one in found["steps"]] == [stage for stage, _ in STANDARD_PATH[:6]]
    assert (found["stage"], len(planning.emitted(DraftMoved))) == ("issued", 6)


def test_what_a_body_cut_short_is_kept_with_the_article(planning: Planning) -> None:
    """It happened, so it is not refused: the step, its event and the clock say what it broke."""
    planning.react(told(S.SENT_FOR_COMMENTS, SENT), told(S.COMMENTS_CLOSED, "2025-05-10T08:00:00"))
    assert "Điều 4a" in shown(planning)["steps"][1]["objection"]
    assert [bool(event.data.objection) for event in planning.emitted(DraftMoved)] == [False, True]
    [missed] = planning.announce("2025-06-01T00:00:00")
    assert missed.data.cut_short is True


def test_a_draft_heard_of_under_way_skipped_nothing(planning: Planning) -> None:
    """The first stage that is told of meets no objection: what came before was before our time."""
    planning.react(told(S.APPRAISED, "2025-07-01T08:00:00"))
    assert planning.emitted(DraftMoved)[0].data.objection == ""


def test_a_draft_returned_by_its_appraisal_starts_the_clocks_of_its_second_round(planning: Planning) -> None:
    """Each file has its 60 days; the return stops them and begins the 120 days for working it over."""
    planning.react(
        told(S.APPRAISAL_FILE_VALID, "2025-03-11T09:30:00"),
        told(S.APPRAISAL_RETURNED, "2025-04-01T08:00:00"),
        told(S.APPRAISAL_FILE_VALID, "2025-06-02T08:00:00"),
    )
    clocks = {(one["duty"], one["started_at"]): one["state"] for one in planning.rows_of("clocks")}
    assert clocks == {
        ("appraisal", hanoi("2025-03-11T09:30:00")): "met",
        ("appraisal_rework", hanoi("2025-04-01T08:00:00")): "met",
        ("appraisal", hanoi("2025-06-02T08:00:00")): "running",
    }


AFTER_ISSUE = {
    K.NATIONAL_STANDARD: {
        "standard_announcement": "2025-04-10",
        "standard_publication": "2025-05-12",
        "standard_review": "2028-03-13",
    },
    K.NATIONAL_REGULATION: {
        "regulation_announcement": "2025-04-10",
        "regulation_publication": "2025-04-10",
        "regulation_registration": "2025-03-26",
        "regulation_review": "2030-03-11",
    },
}
AFTER_ISSUE[K.LOCAL_REGULATION] = AFTER_ISSUE[K.NATIONAL_REGULATION]


@pytest.mark.parametrize("kind", AFTER_ISSUE)
def test_the_issue_starts_what_must_follow_it(planning: Planning, kind: DraftKind) -> None:
    """Announcing, publishing, registering and reviewing, each by its own day; announced at its last moment it is in time."""
    planning.react(told(S.ISSUED, SENT, kind))
    due = {one["duty"]: one["due_at"] for one in planning.rows_of("clocks")}
    assert due == {duty: hanoi(day + LAST_MOMENT) for duty, day in AFTER_ISSUE[kind].items()}
    planning.react(told(S.ANNOUNCED, "2025-04-10" + LAST_MOMENT, kind))
    [announcement] = [one for one in planning.rows_of("clocks") if one["duty"].endswith("announcement")]
    assert announcement["state"] == "met"


def test_an_announcement_on_the_day_after_is_late(planning: Planning) -> None:
    """The other side of the limit."""
    planning.react(told(S.ISSUED, SENT), told(S.ANNOUNCED, "2025-04-11T00:00:00"))
    assert planning.clock("standard_announcement")["state"] == "missed"


def test_a_local_regulation_has_no_time_limit_for_the_ministrys_opinion(planning: Planning) -> None:
    """The law limits the appraisal of national ones only."""
    planning.react(told(S.APPRAISAL_FILE_VALID, SENT, K.LOCAL_REGULATION))
    assert planning.rows_of("clocks") == []


def test_a_draft_that_may_hinder_trade_is_handed_over_once(planning: Planning) -> None:
    """When it is sent for comments; sent again, or told again, it is not handed over twice."""
    known = {"affects_trade": True, "follows_international": False}
    planning.react(told(S.PLANNED, "2025-01-06T08:00:00", K.NATIONAL_REGULATION, **known))
    assert planning.emitted(TbtNotificationDue) == []
    planning.react(told(S.SENT_FOR_COMMENTS, SENT, K.NATIONAL_REGULATION))
    [event] = planning.emitted(TbtNotificationDue)
    assert (event.data.articles, event.data.assessed, event.data.comments_until) == (
        ["2.9.2"],
        True,
        hanoi(OPEN_UNTIL + LAST_MOMENT),
    )
    planning.react(told(S.COMMENTS_CLOSED, "2025-06-02T08:00:00", K.NATIONAL_REGULATION))
    planning.react(told(S.SENT_FOR_COMMENTS, "2025-06-03T08:00:00", K.NATIONAL_REGULATION))
    assert len(planning.emitted(TbtNotificationDue)) == 1


def test_a_draft_that_was_circulated_already_is_not_handed_over(planning: Planning) -> None:
    """The WTO's notification names the draft; it is shown with it."""
    circulated = NotificationCirculated(
        observed_at=hanoi("2025-03-10T08:00:00"), symbol="G/TBT/N/VNM/9999", title="Dự thảo mẫu", draft_id="D-1", **NATIONAL
    )
    planning.react(published(circulated, "circulated"))
    planning.react(told(S.SENT_FOR_COMMENTS, SENT, K.NATIONAL_REGULATION, affects_trade=True, follows_international=False))
    assert planning.emitted(TbtNotificationDue) == []
    assert [one["symbol"] for one in shown(planning)["notifications"]] == ["G/TBT/N/VNM/9999"]


def test_items_count_what_a_draft_holds(planning: Planning) -> None:
    """One decision issues 20 standards: told by an event and by an officer, they count once."""
    counts = {"event": "planning.draft_moved", "draft_kind": "national_standard", "stage": "issued"}
    with planning.transaction(hanoi("2025-01-02T08:00:00")) as uow:
        approve(plan({"counts": counts, "target": 496}, approved_on="2025-01-02"), uow)
    planning.react(told(S.ISSUED, "2025-07-20T08:00:00", count=20), told(S.ISSUED, "2025-07-20T08:00:00", count=20))
    [event] = planning.emitted(ItemProgressed)
    assert (event.data.done, event.data.added) == (20, 20)


# By officers -------------------------------------------------------------------------------------------------------


def test_an_officer_moves_a_draft_and_its_clocks_run(planning: Planning) -> None:
    """Registered, sent, closed in time; each said twice on a day changes nothing."""
    assert register(planning, "2025-01-06T08:00:00") is True
    for _ in range(2):
        advance(planning, SENT, S.SENT_FOR_COMMENTS, number="15/TĐC (mẫu)")
    assert planning.clock("comment_period")["due_at"] == hanoi(OPEN_UNTIL + LAST_MOMENT)
    assert advance(planning, "2025-05-13T08:00:00", S.COMMENTS_CLOSED) is True
    assert planning.clock("comment_period")["state"] == "met"
    assert [event.data.stage for event in planning.emitted(DraftMoved)] == [S.PLANNED, S.SENT_FOR_COMMENTS, S.COMMENTS_CLOSED]
    assert planning.emitted(DraftMoved)[1].data.number == "15/TĐC (mẫu)"


def test_an_officer_is_refused_with_the_article_and_nothing_changes(planning: Planning) -> None:
    """Closing a day early, and issuing without an appraisal."""
    register(planning, "2025-01-06T08:00:00")
    advance(planning, SENT, S.SENT_FOR_COMMENTS)
    before = planning.dump()
    with pytest.raises(Conflict, match="Điều 4a"):
        advance(planning, "2025-05-12T08:00:00", S.COMMENTS_CLOSED)
    with pytest.raises(Conflict, match=r"Điều 17\(1\)\(đ\)"):
        advance(planning, "2025-06-12T08:00:00", S.ISSUED)
    assert planning.dump() == before
    [closing, withdrawing] = shown(planning, "2025-05-12T08:00:00")["next"]
    assert (closing["stage"], closing["breaks"] != "", withdrawing["stage"], withdrawing["breaks"]) == (
        "comments_closed",
        True,
        "withdrawn",
        "",
    )


def test_what_is_known_of_a_draft_is_corrected(planning: Planning) -> None:
    """Found later to affect trade, it is handed over then; another kind under its id is refused."""
    known = {"affects_trade": False}
    register(planning, "2025-01-06T08:00:00", K.NATIONAL_REGULATION, **known)
    advance(planning, SENT, S.SENT_FOR_COMMENTS)
    assert planning.emitted(TbtNotificationDue) == []
    assert register(planning, "2025-03-12T08:00:00", K.NATIONAL_REGULATION, affects_trade=True) is False
    assert len(planning.emitted(TbtNotificationDue)) == 1
    with pytest.raises(Conflict, match="national_regulation"):
        register(planning, "2025-03-13T08:00:00", K.NATIONAL_STANDARD)


def test_a_draft_nobody_knows_cannot_move(planning: Planning) -> None:
    """It is not found."""
    with pytest.raises(NotFound):
        advance(planning, SENT, S.SENT_FOR_COMMENTS)
    with pytest.raises(NotFound):
        shown(planning)


def test_drafts_are_listed_by_kind_and_stage(planning: Planning) -> None:
    """Those that moved last first."""
    planning.react(told(S.PLANNED, "2025-01-06T08:00:00"))
    planning.react(
        told(S.PLANNED, "2025-01-07T08:00:00", K.LOCAL_REGULATION, draft_id="D-2", unit="SAMPLE-UNIT-46", unit_province="46")
    )
    planning.react(told(S.PLANNED, "2025-01-08T08:00:00", draft_id="D-3"))
    with planning.database.reading() as connection:
        listed = [row["draft_id"] for row in pipeline.drafts_listed(connection)]
        standards = [row["draft_id"] for row in pipeline.drafts_listed(connection, kind=K.NATIONAL_STANDARD, stage=S.PLANNED)]
        local = [row["draft_id"] for row in pipeline.drafts_listed(connection, unit="SAMPLE-UNIT-46")]
    assert (listed, standards, local) == (["D-3", "D-2", "D-1"], ["D-3", "D-1"], ["D-2"])


def test_steps_of_one_moment_stand_in_their_order() -> None:
    """A decision issued and announced at once was issued first."""
    steps = [reached(S.ANNOUNCED, SENT), reached(S.ISSUED, SENT)]
    assert [step.stage for step in in_order(steps)] == [S.ISSUED, S.ANNOUNCED]
