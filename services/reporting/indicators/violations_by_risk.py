"""Violations, by how dangerous they are."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationDetected


@indicator(ViolationDetected, vi="Vi phạm theo mức rủi ro", en="Violations by risk level")
def violations_by_risk(event: Event[ViolationDetected]) -> Iterable[Point]:
    """Count each violation by the risk level it was detected with."""
    return (Point(kind=str(event.data.risk_level)),)
