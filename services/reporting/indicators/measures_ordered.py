"""Measures ordered, by measure."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import MeasureOrdered


@indicator(MeasureOrdered, vi="Biện pháp xử lý được áp dụng", en="Measures ordered")
def measures_ordered(event: Event[MeasureOrdered]) -> Iterable[Point]:
    """Count each measure on the day it was ordered."""
    return (Point(kind=event.data.kind),)
