"""A draft regulation that may affect trade and follows no international standard is notified to the WTO before it is issued.

It is handed over to the TBT office when it is sent for comments. One whose effect on trade nobody has assessed is to be
considered for notification too.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from services.planning.model.drafts import Draft
from services.planning.rules.drafts_are_open_to_comments import TBT_COMMENTS
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from shared.contracts.partners import DraftKind
from shared.kernel.deadlines import due_at

_SOURCES = {
    DraftKind.NATIONAL_REGULATION: "TT 16/2018/TT-BKHCN Điều 4(2)(a); TT 26/2019/TT-BKHCN Điều 7(3)(a1)",
    DraftKind.LOCAL_REGULATION: "TT 16/2018/TT-BKHCN Điều 4(2)(a); TT 26/2019/TT-BKHCN Điều 8(3)(a)",
}


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
    if draft.kind not in _SOURCES or draft.affects_trade is False or draft.follows_international is True:
        return None
    articles = ["2.10.1" if draft.urgent else "2.9.2"]
    if draft.kind is DraftKind.LOCAL_REGULATION:
        articles.append("3.2")
    return Due(
        articles=articles,
        source=_SOURCES[draft.kind],
        assessed=draft.affects_trade is not None and draft.follows_international is not None,
        comments_until=None if draft.urgent else due_at(at, TBT_COMMENTS, WORKING_DAYS),
    )
