"""Alerts of other countries' authorities, by alert system."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.partners import AlertPublished


@indicator(AlertPublished, vi="Cảnh báo của nước ngoài", en="Foreign alerts")
def foreign_alerts(event: Event[AlertPublished]) -> Iterable[Point]:
    """Count each alert on the day it was published abroad, by the system that carried it."""
    return (Point(kind=event.data.kind),)
