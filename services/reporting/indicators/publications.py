"""Public notices that name a violator, by the kind of violation."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import PublicationDecided


@indicator(PublicationDecided, vi="Vi phạm được thông báo công khai", en="Violations made public")
def publications(event: Event[PublicationDecided]) -> Iterable[Point]:
    """Count each decision on the day it was taken."""
    return (Point(kind=event.data.kind),)
