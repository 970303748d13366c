"""Alerts and complaints found to be about goods or sites of the registers, by who raised them."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import MatchConfirmed


@indicator(MatchConfirmed, vi="Cảnh báo, khiếu nại được xác nhận trùng khớp", en="Matches confirmed")
def matches_confirmed(event: Event[MatchConfirmed]) -> Iterable[Point]:
    """Count each match on the day an officer confirmed it, by the kind of its concern."""
    return (Point(kind=event.data.kind),)
