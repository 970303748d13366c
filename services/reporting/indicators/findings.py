"""Findings that laboratories, verification bodies and the single window sent in, by event type."""

from __future__ import annotations

from collections.abc import Iterable

from services.reporting.model import Point, indicator
from shared.contracts.envelope import Event
from shared.contracts.partners import InstrumentChecked, LotDeclared, SampleTested


@indicator(SampleTested, InstrumentChecked, LotDeclared, vi="Kết quả thử nghiệm, kiểm tra nhận được", en="Findings received")
def findings(event: Event[SampleTested | InstrumentChecked | LotDeclared]) -> Iterable[Point]:
    """Count each sample tested, instrument checked and lot declared on its legal day."""
    return (Point(kind=event.type),)
