"""Drafts moved by events and by officers: their clocks, what is announced of them, and the hand-over to the TBT office."""

from __future__ import annotations

from typing import Any

import pytest

from services.planning.handlers import drafts
from services.planning.handlers.plans import approve
from services.planning.model.drafts import Advance, NewDraft
from services.planning.queries import drafts as pipeline
from shared.contracts.envelope import Event
from shared.contracts.partners import DraftAdvanced, DraftKind, DraftStage, NotificationCirculated
from shared.contracts.planning import DraftMoved, ItemProgressed, TbtNotificationDue
from shared.kernel.errors import Conflict, NotFound
from tests.unit.planning.story import Planning, hanoi, published
from tests.unit.planning.test_draft_rules import LAST_MOMENT, OPEN_UNTIL, SENT, STANDARD_PATH
from tests.unit.planning.test_progress import plan

S, K = DraftStage, DraftKind
NATIONAL: dict[str, Any] = {"unit": "SAMPLE-UNIT-NATIONAL"}


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


def circulated(at: str) -> Event[Any]:
    """Let the WTO circulate the notification of the draft."""
    data = NotificationCirculated(
        observed_at=hanoi(at), symbol="G/TBT/N/VNM/9999", title="Dự thảo mẫu", draft_id="D-1", **NATIONAL
    )
    return published(data, f"circulated {at}")


def test_what_comes_late_shows_that_nothing_was_skipped(planning: Planning) -> None:
    """The last stage seemed to skip all between; when those are told of, nobody is said any more to have broken an article."""
    first, *between, last = (told(stage, at) for stage, at in STANDARD_PATH[:6])
    planning.react(first)
    planning.react(last)
    assert shown(planning)["steps"][-1]["objection"]
    for event in between:
        planning.react(event)
    assert [one["objection"] for one in shown(planning)["steps"]] == [""] * 6


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
    planning.react(circulated("2025-03-10T08:00:00"))
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
