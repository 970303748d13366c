"""Events that were published more than a day after the fact, by event type."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Data, Event

_IN_TIME = timedelta(hours=24)
# What our own services conclude from a late finding is late only because the finding was.
_OURS = ("inspection.", "planning.", "notification.", "reporting.")


@indicator(Data, vi="Sự kiện đến muộn (quá 24 giờ)", en="Late arrivals (over 24 hours)")
def late_arrivals(event: Event[Data]) -> Iterable[Point]:
    """Count each event of an outside system that was published more than 24 hours after its legal time."""
    if event.time - event.data.observed_at <= _IN_TIME or event.type.startswith(_OURS):
        return ()
    return (Point(kind=event.type),)
