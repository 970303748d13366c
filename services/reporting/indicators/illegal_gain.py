"""Illegal gains put on record, in VND."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.inspection import ActTaken


@indicator(ActTaken, vi="Số tiền thu lợi bất chính (đồng)", en="Illegal gain (VND)")
def illegal_gain(event: Event[ActTaken]) -> Iterable[Point]:
    """Add up the illegal gains of all cases on the day of the record; a correction adds the difference."""
    return (Point(value=event.data.illegal_gain),) if event.data.illegal_gain else ()
