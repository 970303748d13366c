"""The everyday work of units by item type and step: checks of agencies, classes, declarations, check scales."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.planning import WorkRecorded


@indicator(WorkRecorded, vi="Công việc thường xuyên theo loại và bước", en="Everyday work by item type and step")
def unit_work(event: Event[WorkRecorded]) -> Iterable[Point]:
    """Add up the steps of everyday work, by item type and step; a new item type is counted without a change here."""
    return (Point(kind=event.data.kind, value=event.data.count),)
