"""Which measure is ordered as soon as a violation opens a case, and the article that empowers it."""

from __future__ import annotations

import msgspec

from services.inspection.rules.violation_follows_a_track import is_measurement
from shared.contracts.inspection import ViolationKind
from shared.contracts.vocabulary import Measure, Setting


class FirstMeasure(msgspec.Struct, frozen=True):
    """A measure and its legal source."""

    measure: Measure
    source: str


_STOP_USE = FirstMeasure(Measure.SUSPEND_USE, "TT 28/2013/TT-BKHCN Điều 21(1)(b)")

# Found on the market or in use.
_ON_THE_MARKET = {
    ViolationKind.CONFORMITY_MARK_MISSING: FirstMeasure(Measure.STOP_SALE, "Luật 05/2007/QH12 Điều 40(1)(a)"),
    ViolationKind.FUEL_QUALITY: FirstMeasure(Measure.SEAL_AND_STOP_SALE, "Luật 05/2007/QH12 Điều 40(2)(a)"),
    ViolationKind.PREPACKAGE_QUANTITY: FirstMeasure(Measure.STOP_SALE, "TT 28/2013/TT-BKHCN Điều 21(1)(a)"),
    ViolationKind.DISPENSER_ERROR: _STOP_USE,
    ViolationKind.SCALE_ERROR: _STOP_USE,
    ViolationKind.VERIFICATION_LAPSED: _STOP_USE,
}
_STOP_PRODUCTION = FirstMeasure(Measure.SUSPEND_PRODUCTION, "TT 28/2013/TT-BKHCN Điều 16(1)(a)")


def first_measure(kind: ViolationKind, setting: Setting) -> FirstMeasure:
    """Return the measure against a violation of ``kind`` that was found in ``setting``."""
    if setting is Setting.IMPORT:
        # Goods that are still at customs do not come on sale before the importer has put the mark right; what a test
        # fails is put to the competent authority (re-export, destruction, recycling).
        article = "36(1)" if kind is ViolationKind.CONFORMITY_MARK_MISSING else "36(3)"
        return FirstMeasure(Measure.STOP_SALE, f"Luật 05/2007/QH12 Điều {article}")
    if setting is Setting.PRODUCTION:
        return _STOP_PRODUCTION if is_measurement(kind) else FirstMeasure(Measure.REMEDY, "Luật 05/2007/QH12 Điều 30(1)(a)")
    return _ON_THE_MARKET[kind]
