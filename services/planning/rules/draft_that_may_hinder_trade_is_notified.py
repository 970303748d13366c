"""A draft regulation that may affect trade and follows no international standard is notified to the WTO before it is issued.

It is handed over to the TBT office when it is sent for comments. One whose effect on trade nobody has assessed is to be
considered for notification too. The office, for a local draft the local one, notifies it or determines that it need not be
(TBT Agreement, lead-in of Art. 2.9); the law sets no time for that.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.planning.model.acts import HANDED_OVER, NOTIFIED, RULED_OUT, advanced
from services.planning.model.clocks import ClockRule
from services.planning.model.drafts import Draft
from services.planning.rules.drafts_are_open_to_comments import TBT_COMMENTS
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from shared.contracts.partners import DraftKind, DraftStage
from shared.contracts.planning import NotNotified
from shared.kernel.deadlines import due_at

_WHAT = "TT 16/2018/TT-BKHCN Điều 4(2)(a)"
_WHO = {
    DraftKind.NATIONAL_REGULATION: "TT 26/2019/TT-BKHCN Điều 7(3)(a1)",
    DraftKind.LOCAL_REGULATION: "TT 26/2019/TT-BKHCN Điều 8(3)(a)",
}
# The text of the TBT Agreement was not at hand.
_GROUNDS = {
    NotNotified.FOLLOWS_INTERNATIONAL: "Hiệp định TBT Điều 2.9",
    NotNotified.NO_SIGNIFICANT_EFFECT: f"{_WHAT}; Hiệp định TBT Điều 2.9",
}

CLOCKS = (
    ClockRule(
        duty="tbt_notification",
        vi="Thông báo dự thảo cho WTO, hoặc xác định không cần thông báo",
        en="Notify the draft to the WTO, or determine that it need not be notified",
        started_by=(HANDED_OVER,),
        stopped_by=(NOTIFIED, RULED_OUT, *(advanced(kind, DraftStage.WITHDRAWN) for kind in _WHO)),
        limit=None,
        source="; ".join(_WHO.values()),
    ),
)


class Due(NamedTuple):
    """That a notification is due: the articles of the TBT Agreement, the Vietnamese source, the least time for comments."""

    articles: list[str]
    source: str
    assessed: bool
    comments_until: datetime | None


def notification_due(draft: Draft, at: datetime) -> Due | None:
    """Return what notification is due for a draft handed over ``at`` a time, or nothing.

    Standards are voluntary and are not notified under these articles. The articles are TBT Agreement 2.9.2, for an urgent
    draft 2.10.1, and 3.2 for a local government.
    """
    if draft.kind not in _WHO or draft.affects_trade is False or draft.follows_international is True:
        return None
    articles = ["2.10.1" if draft.urgent else "2.9.2"]
    if draft.kind is DraftKind.LOCAL_REGULATION:
        articles.append("3.2")
    return Due(
        articles=articles,
        source=f"{_WHAT}; {_WHO[draft.kind]}",
        assessed=draft.affects_trade is not None and draft.follows_international is not None,
        comments_until=None if draft.urgent else due_at(at, TBT_COMMENTS, WORKING_DAYS),
    )


def ruled_out_by(kind: DraftKind, reason: NotNotified) -> str:
    """Return who determines that a draft of a regulation need not be notified, and on which ground."""
    return f"{_WHO[kind]}; {_GROUNDS[reason]}"
