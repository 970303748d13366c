"""A draft, a drafting plan and a notified regulation stay open to comments for a time that may not be cut short.

The law gives the shortest period: closing before its last day is over breaks it, closing later never does. A draft that is
sent out again has its time again.
"""

from __future__ import annotations

from services.planning.model.acts import CIRCULATED, COMMENTS_CLOSED, advanced
from services.planning.model.clocks import ClockRule
from shared.contracts.partners import DraftKind, DraftStage
from shared.kernel.deadlines import Term, Unit

_DRAFTS = (DraftKind.NATIONAL_STANDARD, DraftKind.NATIONAL_REGULATION, DraftKind.LOCAL_REGULATION)
TBT_COMMENTS = Term(60, Unit.DAY)  # recommended by the TBT Committee of the WTO
_SOURCE = "NĐ 127/2007/NĐ-CP Điều 4a; TT 26/2019/TT-BKHCN Điều 7"


def _open_for(days: int, row: str, started_by: tuple[str, ...], vi: str, en: str, duty: str, source: str) -> ClockRule:
    return ClockRule(
        duty=duty,
        rows=(row,),
        vi=f"{vi} ít nhất {days} ngày",
        en=f"{en} for at least {days} days",
        started_by=started_by,
        stopped_by=(
            *(advanced(kind, DraftStage.COMMENTS_CLOSED) for kind in (*_DRAFTS, DraftKind.DRAFTING_PLAN)),
            COMMENTS_CLOSED,
        ),
        limit=Term(days, Unit.DAY),
        source=source,
        verified=duty != "tbt_comment_period",
        at_least=True,
        again=True,
    )


CLOCKS = (
    _open_for(
        60,
        "S01",
        tuple(advanced(kind, DraftStage.SENT_FOR_COMMENTS) for kind in _DRAFTS),
        "Lấy ý kiến về dự thảo",
        "Keep a draft open to comments",
        "comment_period",
        _SOURCE,
    ),
    _open_for(
        30,
        "S02",
        tuple(advanced(kind, DraftStage.SENT_FOR_COMMENTS, urgent=True) for kind in _DRAFTS),
        "Lấy ý kiến về dự thảo cấp thiết (sức khỏe, an toàn, môi trường)",
        "Keep an urgent draft (health, safety, environment) open to comments",
        "urgent_comment_period",
        _SOURCE,
    ),
    _open_for(
        30,
        "S04",
        (advanced(DraftKind.DRAFTING_PLAN, DraftStage.SENT_FOR_COMMENTS),),
        "Lấy ý kiến về dự thảo kế hoạch",
        "Keep a drafting plan open to comments",
        "plan_comment_period",
        "TT 26/2019/TT-BKHCN Điều 5",
    ),
    _open_for(
        TBT_COMMENTS.amount,
        "T04",
        (CIRCULATED,),
        "Nhận góp ý về dự thảo đã thông báo cho WTO",
        "Take comments on a draft notified to the WTO",
        "tbt_comment_period",
        "Khuyến nghị của Ủy ban TBT của WTO (G/TBT/1)",
    ),
)
