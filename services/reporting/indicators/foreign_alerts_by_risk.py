"""Alerts of other countries' authorities, by stated risk."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.partners import AlertPublished


@indicator(AlertPublished, vi="Cảnh báo của nước ngoài theo mức rủi ro", en="Foreign alerts by risk")
def foreign_alerts_by_risk(event: Event[AlertPublished]) -> Iterable[Point]:
    """Count each alert by the risk level its publisher states."""
    return (Point(kind=str(event.data.risk_level)),)
