"""Statutory clocks that were over before what started them reached us, by duty."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.planning import DeadlineMissed


@indicator(DeadlineMissed, vi="Việc đến khi đã quá thời hạn", en="Deadlines over on arrival")
def deadlines_over_on_arrival(event: Event[DeadlineMissed]) -> Iterable[Point]:
    """Count each clock that nobody could have met, on the day it was due; it is not among the missed ones."""
    return (Point(kind=event.data.kind),) if event.data.late_on_arrival else ()
