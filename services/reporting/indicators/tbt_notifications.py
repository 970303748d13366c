"""What became of the duty to notify draft regulations to the WTO: handed over, notified, or not needed and why."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.partners import NotificationCirculated
from shared.contracts.planning import TbtNotificationDue, TbtNotificationRuledOut


@indicator(
    TbtNotificationDue,
    NotificationCirculated,
    TbtNotificationRuledOut,
    vi="Thông báo TBT của dự thảo quy chuẩn",
    en="TBT notifications of draft regulations",
)
def tbt_notifications(event: Event[TbtNotificationDue | NotificationCirculated | TbtNotificationRuledOut]) -> Iterable[Point]:
    """Count drafts handed over to the TBT office, notifications the WTO circulated, and drafts that need none, by the reason."""
    if isinstance(event.data, TbtNotificationRuledOut):
        return (Point(kind=f"not_needed/{event.data.reason}"),)
    return (Point(kind="handed_over" if isinstance(event.data, TbtNotificationDue) else "circulated"),)
