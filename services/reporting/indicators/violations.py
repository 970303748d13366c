"""Violations, by what was violated."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationDetected


@indicator(ViolationDetected, vi="Vi phạm được phát hiện", en="Violations detected")
def violations(event: Event[ViolationDetected]) -> Iterable[Point]:
    """Count each violation on the day it was observed, by the family of the rule."""
    return (Point(kind=event.data.kind),)
