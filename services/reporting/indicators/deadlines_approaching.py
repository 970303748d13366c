"""Statutory clocks announced before they ran out, by duty."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.planning import DeadlineApproaching


@indicator(DeadlineApproaching, vi="Việc sắp đến thời hạn", en="Deadlines approaching")
def deadlines_approaching(event: Event[DeadlineApproaching]) -> Iterable[Point]:
    """Count each announcement of a clock that is close to its due time, by the duty it measures."""
    return (Point(kind=event.data.kind),)
