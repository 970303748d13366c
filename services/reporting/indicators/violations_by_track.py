"""Violations, by the procedure they follow."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationDetected


@indicator(ViolationDetected, vi="Vi phạm theo trình tự xử lý", en="Violations by procedure")
def violations_by_track(event: Event[ViolationDetected]) -> Iterable[Point]:
    """Count each violation by the article that governs its clocks and its publication."""
    return (Point(kind=str(event.data.track)),)
