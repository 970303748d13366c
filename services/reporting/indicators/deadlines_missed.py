"""Statutory clocks that ran out, by duty."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.planning import DeadlineMissed


@indicator(DeadlineMissed, vi="Việc quá thời hạn", en="Deadlines missed")
def deadlines_missed(event: Event[DeadlineMissed]) -> Iterable[Point]:
    """Count each missed clock on the day it was due, by the duty it measures; those over on arrival are counted apart."""
    return () if event.data.late_on_arrival else (Point(kind=event.data.kind),)
