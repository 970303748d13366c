"""The stages of drafts: their order, their articles, their least times, and which drafts are notified to the WTO."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.planning.model.drafts import Draft, Reached, in_order
from services.planning.rules.draft_that_may_hinder_trade_is_notified import notification_due
from services.planning.rules.drafts_advance_stage_by_stage import MOVES, moves_from, objection_to
from shared.contracts.partners import DraftKind, DraftStage
from tests.unit.planning.story import hanoi

S, K = DraftStage, DraftKind
LAST_MOMENT = "T23:59:59.999999"
# Sent on Tuesday 11 March: the 60th day is a Saturday, so the least time ends on Monday 12 May.
SENT, OPEN_UNTIL, URGENT_UNTIL = "2025-03-11T09:30:00", "2025-05-12", "2025-04-10"


def draft(kind: DraftKind = K.NATIONAL_STANDARD, **known: Any) -> Draft:
    """Return a draft."""
    return Draft(draft_id="D-1", kind=kind, title="Dự thảo mẫu", unit="SAMPLE-UNIT-NATIONAL", **known)


def reached(stage: DraftStage, at: str, **told: Any) -> Reached:
    """Return a step."""
    return Reached(stage=stage, at=hanoi(at), **told)


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


def test_steps_of_one_moment_stand_in_their_order() -> None:
    """A decision issued and announced at once was issued first."""
    steps = [reached(S.ANNOUNCED, SENT), reached(S.ISSUED, SENT)]
    assert [step.stage for step in in_order(steps)] == [S.ISSUED, S.ANNOUNCED]
