"""Deliveries of notices, by channel."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.notification import NoticeDelivered


@indicator(NoticeDelivered, vi="Thông báo gửi thành công", en="Notices delivered")
def notices_delivered(event: Event[NoticeDelivered]) -> Iterable[Point]:
    """Count each delivery that the receiving system accepted, by channel."""
    return (Point(kind=event.data.kind),)
