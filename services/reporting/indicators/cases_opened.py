"""Cases opened, by the violation that opened them."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import CaseOpened, CaseReopened


@indicator(CaseOpened, vi="Vụ việc được mở", en="Cases opened")
def cases_opened(event: Event[CaseOpened]) -> Iterable[Point]:
    """Count each case on the day it was first opened, by its first violation."""
    return () if isinstance(event.data, CaseReopened) else (Point(kind=event.data.kind),)
