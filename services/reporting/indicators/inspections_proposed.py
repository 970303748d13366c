"""Targeted inspections that the risk asked for."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.planning import InspectionProposed


@indicator(InspectionProposed, vi="Cuộc kiểm tra được đề xuất", en="Inspections proposed")
def inspections_proposed(event: Event[InspectionProposed]) -> Iterable[Point]:
    """Count each proposal on the day it was made."""
    return (Point(kind=event.data.kind),)
