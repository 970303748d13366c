"""Confirmations that a notice was read, by kind of notice."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.notification import NoticeAcknowledged


@indicator(NoticeAcknowledged, vi="Thông báo được xác nhận", en="Notices acknowledged")
def notices_acknowledged(event: Event[NoticeAcknowledged]) -> Iterable[Point]:
    """Count each recipient's confirmation, by the rule that asked for the notice."""
    return (Point(kind=event.data.kind),)
