"""Complaints of consumers."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.partners import ComplaintReceived


@indicator(ComplaintReceived, vi="Khiếu nại, phản ánh của người tiêu dùng", en="Consumer complaints")
def complaints(event: Event[ComplaintReceived]) -> Iterable[Point]:
    """Count each complaint on the day it was made."""
    return (Point(kind=event.data.kind),)
