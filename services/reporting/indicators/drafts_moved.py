"""Standards and regulations by the stage their drafts reached: issued, sent for comments, reviewed."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.planning import DraftMoved


@indicator(DraftMoved, vi="Dự thảo TCVN, QCVN, QCĐP theo giai đoạn", en="Drafts by kind and stage")
def drafts_moved(event: Event[DraftMoved]) -> Iterable[Point]:
    """Add up the standards or regulations that each draft holds, by its kind and the stage it reached."""
    return (Point(kind=event.data.kind, value=event.data.count),)
