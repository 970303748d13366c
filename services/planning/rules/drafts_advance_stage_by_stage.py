"""A draft advances stage by stage: none may be skipped, and none that has a least time may be cut short.

Each kind has its table of moves: the stage, the stages a draft may come from, and the article. The least times are those of
the clocks that run beside them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from services.planning.model.acts import CIRCULATED, advanced
from services.planning.model.clocks import ClockRule
from services.planning.model.drafts import Draft, Reached, latest
from services.planning.rules.drafts_are_open_to_comments import CLOCKS as LEAST_TIMES
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from shared.contracts.partners import DraftKind, DraftStage
from shared.kernel.deadlines import Term, Unit, add_months, due_at, local_day

_S = DraftStage
_BEFORE_ISSUE = (
    _S.PLANNED,
    _S.SENT_FOR_COMMENTS,
    _S.COMMENTS_CLOSED,
    _S.APPRAISAL_FILE_VALID,
    _S.APPRAISAL_RETURNED,
    _S.APPRAISED,
)
_AFTER_ISSUE = (_S.ISSUED, _S.ANNOUNCED, _S.REGISTERED, _S.PUBLISHED)
_MONTHS_BEFORE_FORCE, _FORCE = 6, "Luật 68/2006/QH11 Điều 34(1)"
_REGULATIONS = frozenset({DraftKind.NATIONAL_REGULATION, DraftKind.LOCAL_REGULATION})


class Move(NamedTuple):
    """A lawful step to ``stage`` from one of the stages ``after``, by an article.

    Without ``after`` a draft begins with it. ``within`` is how long after the stage before it may still be made; ``once``
    is a step that is made only once.
    """

    stage: DraftStage
    after: tuple[DraftStage, ...]
    source: str
    within: Term | None = None
    once: bool = False


class Objection(NamedTuple):
    """Why a stage may not be reached: what is wrong, and the article it would break."""

    detail: str
    source: str


def _drafting(law: str, *, file: str, agreed: str, returned: str, issued: str) -> tuple[Move, ...]:
    return (
        Move(_S.PLANNED, (), f"{law}(a)"),
        Move(_S.SENT_FOR_COMMENTS, (_S.PLANNED, _S.COMMENTS_CLOSED, _S.APPRAISAL_RETURNED), f"{law}(b)"),
        Move(_S.COMMENTS_CLOSED, (_S.SENT_FOR_COMMENTS,), f"{law}(b)"),
        Move(_S.APPRAISAL_FILE_VALID, (_S.COMMENTS_CLOSED, _S.APPRAISAL_RETURNED), file),
        Move(_S.APPRAISED, (_S.APPRAISAL_FILE_VALID,), agreed),
        Move(_S.APPRAISAL_RETURNED, (_S.APPRAISAL_FILE_VALID,), returned),
        Move(_S.ISSUED, (_S.APPRAISED,), issued),
    )


def _made_known(stage: DraftStage, source: str) -> Move:
    return Move(stage, _AFTER_ISSUE, source, once=True)


def _afterwards(review: str, repeal: str, plan: str) -> tuple[Move, ...]:
    return (
        Move(_S.REVIEWED, (*_AFTER_ISSUE, _S.REVIEWED), review),
        Move(_S.REPEALED, (*_AFTER_ISSUE, _S.REVIEWED), repeal),
        Move(_S.WITHDRAWN, _BEFORE_ISSUE, plan),
    )


_STANDARD, _REGULATION, _LOCAL = "Luật 68/2006/QH11 Điều 17(1)", "Luật 68/2006/QH11 Điều 32(1)", "Luật 68/2006/QH11 Điều 32(2)"
_OF_REGULATIONS = (
    _made_known(_S.ANNOUNCED, "TT 26/2019/TT-BKHCN Điều 14(2)"),
    _made_known(_S.REGISTERED, "NĐ 127/2007/NĐ-CP Điều 13(1)"),
    _made_known(_S.PUBLISHED, "TT 26/2019/TT-BKHCN Điều 14(5)"),
)

MOVES: Mapping[DraftKind, tuple[Move, ...]] = {
    DraftKind.NATIONAL_STANDARD: (
        *_drafting(
            _STANDARD, file=f"{_STANDARD}(c)", agreed=f"{_STANDARD}(d)", returned=f"{_STANDARD}(e)", issued=f"{_STANDARD}(đ)"
        ),
        # Worked over in 120 days it need not be appraised again.
        Move(_S.APPRAISED, (_S.APPRAISAL_RETURNED,), "NĐ 127/2007/NĐ-CP Điều 4a(6)", within=Term(120, Unit.DAY)),
        _made_known(_S.ANNOUNCED, "TT 11/2021/TT-BKHCN Điều 9(1)"),
        _made_known(_S.PUBLISHED, "TT 11/2021/TT-BKHCN Điều 9(2)(c)"),
        *_afterwards("Luật 68/2006/QH11 Điều 19(1)", "Luật 68/2006/QH11 Điều 19(3)", "TT 11/2021/TT-BKHCN Điều 4"),
    ),
    DraftKind.NATIONAL_REGULATION: (
        *_drafting(
            _REGULATION,
            file=f"{_REGULATION}(c)",
            agreed=f"{_REGULATION}(d)",
            returned="TT 26/2019/TT-BKHCN Điều 7(4)(d)",
            issued=f"{_REGULATION}(đ)",
        ),
        *_OF_REGULATIONS,
        *_afterwards("Luật 68/2006/QH11 Điều 35(1)", "Luật 68/2006/QH11 Điều 35(3)(a)", "TT 26/2019/TT-BKHCN Điều 5"),
    ),
    DraftKind.LOCAL_REGULATION: (
        *_drafting(
            _LOCAL,
            file=f"{_LOCAL}(c)",
            agreed=f"{_LOCAL}(d)",
            returned="TT 26/2019/TT-BKHCN Điều 8(5)(b)",
            issued=f"{_LOCAL}(d)",
        ),
        *_OF_REGULATIONS,
        *_afterwards("Luật 68/2006/QH11 Điều 35(1)", "Luật 68/2006/QH11 Điều 35(3)(b)", "TT 26/2019/TT-BKHCN Điều 6"),
    ),
    DraftKind.DRAFTING_PLAN: (
        Move(_S.PLANNED, (), "TT 26/2019/TT-BKHCN Điều 5"),
        Move(_S.SENT_FOR_COMMENTS, (_S.PLANNED, _S.COMMENTS_CLOSED), "TT 26/2019/TT-BKHCN Điều 5"),
        Move(_S.COMMENTS_CLOSED, (_S.SENT_FOR_COMMENTS,), "TT 26/2019/TT-BKHCN Điều 5"),
        Move(_S.ISSUED, (_S.COMMENTS_CLOSED,), "TT 26/2019/TT-BKHCN Điều 5"),
        Move(_S.WITHDRAWN, (_S.PLANNED, _S.SENT_FOR_COMMENTS, _S.COMMENTS_CLOSED), "TT 26/2019/TT-BKHCN Điều 5"),
    ),
}


def objection_to(draft: Draft, before: Sequence[Reached], step: Reached, circulated: Sequence[datetime] = ()) -> Objection | None:
    """Return why a draft that went through the stages ``before`` may not take this ``step``, or nothing.

    ``circulated`` is when the WTO circulated notifications of it.
    """
    stands = latest(before)
    stage = stands.stage if stands is not None else None
    moves = [move for move in MOVES[draft.kind] if move.stage is step.stage]
    lawful = [move for move in moves if (stage in move.after if stage is not None else not move.after)]
    if not lawful:
        return _not_its_turn(draft, stage, step.stage, moves)
    too_late = [late for move in lawful if (late := _too_late(move, stands, step)) is not None]
    if len(too_late) == len(lawful):
        return too_late[0]
    if lawful[0].once and latest(before, step.stage) is not None:
        return Objection(f"{step.stage} is done only once", lawful[0].source)
    return _cut_short(draft, before, step, circulated) or _in_force_too_soon(draft, step)


def moves_from(draft: Draft, steps: Sequence[Reached]) -> list[Move]:
    """Return the moves that the stage a draft stands at leaves open, whatever their times."""
    stands = latest(steps)
    return [move for move in MOVES[draft.kind] if stands is not None and stands.stage in move.after]


def _not_its_turn(draft: Draft, stage: DraftStage | None, wanted: DraftStage, moves: Sequence[Move]) -> Objection:
    stands = f"stands at {stage}" if stage is not None else "has not begun"
    if not moves:
        return Objection(f"a {draft.kind} has no stage {wanted}", MOVES[draft.kind][0].source)
    needed = ", ".join(one for move in moves for one in move.after)
    return Objection(f"the draft {stands}; {wanted} comes after {needed or 'nothing'}", moves[0].source)


def _too_late(move: Move, stands: Reached | None, step: Reached) -> Objection | None:
    if move.within is None or stands is None:
        return None
    last = due_at(stands.at, move.within, WORKING_DAYS)
    if step.at <= last:
        return None
    return Objection(
        f"{move.stage} could follow {stands.stage} until {local_day(last)}; the draft is appraised again", move.source
    )


def _cut_short(draft: Draft, before: Sequence[Reached], step: Reached, circulated: Sequence[datetime]) -> Objection | None:
    ended = advanced(draft.kind, step.stage)
    for rule in LEAST_TIMES:
        if ended in rule.stopped_by:
            begun = latest([one for one in before if _name(draft, one) in rule.started_by])
            if begun is not None and (short := _not_over(rule, begun.at, step.at)) is not None:
                return short
        # A draft open to the comments of other members is not yet issued; urgent ones are notified when they are (Art. 2.10).
        if step.stage is _S.ISSUED and CIRCULATED in rule.started_by and circulated and not draft.urgent:
            return _not_over(rule, max(circulated), step.at)
    return None


def _name(draft: Draft, step: Reached) -> str:
    return advanced(draft.kind, step.stage, urgent=step.urgent)


def _not_over(rule: ClockRule, begun: datetime, ends: datetime) -> Objection | None:
    if rule.limit is None or not rule.is_valid_on(local_day(begun)):
        return None
    last = due_at(begun, rule.limit, WORKING_DAYS)
    if ends >= last:
        return None
    return Objection(f"{rule.en} since {local_day(begun)}, that is through {local_day(last)}", rule.source)


def _in_force_too_soon(draft: Draft, step: Reached) -> Objection | None:
    if step.stage is not _S.ISSUED or step.in_force_on is None or draft.urgent or draft.kind not in _REGULATIONS:
        return None
    first = add_months(local_day(step.at), _MONTHS_BEFORE_FORCE)
    if step.in_force_on >= first:
        return None
    return Objection(
        f"a regulation takes effect at least {_MONTHS_BEFORE_FORCE} months after its issue, on {first} or later", _FORCE
    )
