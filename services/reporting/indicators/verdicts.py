"""Verdicts of the rules, by outcome."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import VerdictReached


@indicator(VerdictReached, vi="Kết luận đánh giá sự phù hợp", en="Verdicts reached")
def verdicts(event: Event[VerdictReached]) -> Iterable[Point]:
    """Count each application of a rule to a finding, by what it found."""
    return (Point(kind=event.data.kind),)
