"""What the units did, by activity: inspections, surveys, training classes, standards issued."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.partners import SurveyAnswered


@indicator(SurveyAnswered, vi="Hoạt động đã thực hiện", en="Activities carried out")
def activities(event: Event[SurveyAnswered]) -> Iterable[Point]:
    """Add up the activities that each answer stands for."""
    return (Point(kind=event.data.kind, value=event.data.count),)
