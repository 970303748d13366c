"""Plan items that reached their target."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.planning import ItemProgressed


@indicator(ItemProgressed, vi="Chỉ tiêu kế hoạch hoàn thành", en="Plan items reached")
def plan_items_reached(event: Event[ItemProgressed]) -> Iterable[Point]:
    """Count a plan item once: on the step that carried it over its target, not on the steps beyond."""
    data = event.data
    return (Point(),) if data.done - data.added < data.target <= data.done else ()
