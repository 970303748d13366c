"""Cases opened again, by reason."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import CaseReopened


@indicator(CaseReopened, vi="Vụ việc được mở lại", en="Cases reopened")
def cases_reopened(event: Event[CaseReopened]) -> Iterable[Point]:
    """Count each case on the day it was opened again, by why it was."""
    return (Point(kind=event.data.kind),)
