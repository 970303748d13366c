"""Draft regulations handed over to the TBT office, to be notified to the WTO or found not to need it."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.planning import TbtNotificationDue


@indicator(TbtNotificationDue, vi="Dự thảo chuyển Văn phòng TBT", en="Drafts handed over to the TBT office")
def tbt_notifications_due(event: Event[TbtNotificationDue]) -> Iterable[Point]:
    """Count each draft regulation handed over, by its kind."""
    return (Point(kind=str(event.data.draft_kind)),)
