"""Notices written, by the rule that asked for them."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.notification import NoticeIssued


@indicator(NoticeIssued, vi="Thông báo được phát hành", en="Notices issued")
def notices_issued(event: Event[NoticeIssued]) -> Iterable[Point]:
    """Count each notice once, however many recipients it has."""
    return (Point(kind=event.data.kind),)
