"""Cases closed, by reason."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import CaseClosed


@indicator(CaseClosed, vi="Vụ việc đã kết thúc", en="Cases closed")
def cases_closed(event: Event[CaseClosed]) -> Iterable[Point]:
    """Count each case on the day it was closed, by why it was."""
    return (Point(kind=event.data.kind),)
