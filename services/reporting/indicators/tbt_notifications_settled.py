"""Notifications to the WTO that are settled: circulated, or found not to be needed and why."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.partners import NotificationCirculated
from shared.contracts.planning import TbtNotificationRuledOut


@indicator(
    NotificationCirculated,
    TbtNotificationRuledOut,
    vi="Thông báo TBT: đã thông báo hoặc không cần thông báo",
    en="TBT notifications: circulated, or not needed",
)
def tbt_notifications_settled(event: Event[NotificationCirculated | TbtNotificationRuledOut]) -> Iterable[Point]:
    """Count each notification that the WTO circulated and each draft that was found to need none, by the reason."""
    if isinstance(event.data, TbtNotificationRuledOut):
        return (Point(kind=f"not_needed/{event.data.reason}"),)
    return (Point(kind="circulated"),)
