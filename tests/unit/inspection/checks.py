"""Checks of instruments, judged by all rules."""

from __future__ import annotations

from datetime import date, datetime

from services.inspection.model import Verdict
from services.inspection.rules import rulebook
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import DispenserCheck, InstrumentChecked, ScaleCheck, SpringScaleCheck, VerificationCheck
from shared.contracts.vocabulary import Product, ProductGroup, Site
from shared.kernel.clock import HANOI

DAY = date(2025, 3, 14)


def check(
    finding: DispenserCheck | SpringScaleCheck | ScaleCheck | VerificationCheck,
    kind: ViolationKind,
    *,
    on: date = DAY,
    instrument_type: str = "fuel_dispenser",
    verified_on: date | None = DAY,
) -> Verdict | None:
    """Judge one check and return the verdict of one kind."""
    data = InstrumentChecked(
        observed_at=datetime(on.year, on.month, on.day, 9, 0, tzinfo=HANOI),
        instrument_id="SAMPLE-1",
        instrument_type=instrument_type,
        site=Site(id="SAMPLE-SITE", name="Cửa hàng mẫu", province="46"),
        product=Product(group=ProductGroup.OTHER_INSTRUMENT, name="Phương tiện đo mẫu"),
        finding=finding,
        verified_on=verified_on,
    )
    return next((verdict for verdict in rulebook().verdicts(data) if verdict.violation_kind is kind), None)
