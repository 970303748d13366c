"""Which measure is ordered as soon as a violation opens a case, and the article that empowers it."""

from __future__ import annotations

import msgspec

from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import LotDeclared
from shared.contracts.vocabulary import Measure


class FirstMeasure(msgspec.Struct, frozen=True):
    """A measure and its legal source."""

    measure: Measure
    source: str


_STOP_USE = FirstMeasure(Measure.SUSPEND_USE, "TT 28/2013/TT-BKHCN Điều 21(1)(b)")

# Found on the market or in use. TT 28/2013/TT-BKHCN Art. 16(1)(a) would be the article for a place of production.
_ON_THE_MARKET = {
    ViolationKind.CONFORMITY_MARK_MISSING: FirstMeasure(Measure.STOP_SALE, "Luật 05/2007/QH12 Điều 40(1)(a)"),
    ViolationKind.FUEL_QUALITY: FirstMeasure(Measure.SEAL_AND_STOP_SALE, "Luật 05/2007/QH12 Điều 40(2)(a)"),
    ViolationKind.PREPACKAGE_QUANTITY: FirstMeasure(Measure.STOP_SALE, "TT 28/2013/TT-BKHCN Điều 21(1)(a)"),
    ViolationKind.DISPENSER_ERROR: _STOP_USE,
    ViolationKind.SCALE_ERROR: _STOP_USE,
    ViolationKind.VERIFICATION_LAPSED: _STOP_USE,
}
# Goods that are still at customs do not come on sale before the importer has put the mark right.
_AT_IMPORT = {ViolationKind.CONFORMITY_MARK_MISSING: FirstMeasure(Measure.STOP_SALE, "Luật 05/2007/QH12 Điều 36(1)")}


def first_measure(kind: ViolationKind, event_type: str) -> FirstMeasure:
    """Return the measure against a violation of ``kind`` that was found by an event of ``event_type``."""
    if event_type == LotDeclared.type and kind in _AT_IMPORT:
        return _AT_IMPORT[kind]
    return _ON_THE_MARKET[kind]
