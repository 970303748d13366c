"""Deliveries that were given up, by channel."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.notification import NoticeFailed


@indicator(NoticeFailed, vi="Thông báo gửi không thành công", en="Notices not delivered")
def notices_failed(event: Event[NoticeFailed]) -> Iterable[Point]:
    """Count each delivery of which every attempt failed, by channel."""
    return (Point(kind=event.data.kind),)
