"""Which measure is ordered as soon as a violation opens a case, and the article that empowers it."""

from __future__ import annotations

import msgspec

from services.inspection.rules.violation_follows_a_track import is_measurement, track_of
from shared.contracts.inspection import ViolationKind
from shared.contracts.vocabulary import Measure, Setting, Track


class FirstMeasure(msgspec.Struct, frozen=True):
    """A measure and its legal source."""

    measure: Measure
    source: str


# Found on the market or in use: the kind of the violation decides, otherwise its track.
_ON_THE_MARKET = {ViolationKind.PREPACKAGE_QUANTITY: FirstMeasure(Measure.STOP_SALE, "TT 28/2013/TT-BKHCN Điều 21(1)(a)")}
_ON_THE_TRACK = {
    Track.LABELS_AND_MARKS: FirstMeasure(Measure.STOP_SALE, "Luật 05/2007/QH12 Điều 40(1)(a)"),
    Track.TEST_RESULTS: FirstMeasure(Measure.SEAL_AND_STOP_SALE, "Luật 05/2007/QH12 Điều 40(2)(a)"),
    Track.METROLOGY: FirstMeasure(Measure.SUSPEND_USE, "TT 28/2013/TT-BKHCN Điều 21(1)(b)"),
}
_STOP_PRODUCTION = FirstMeasure(Measure.SUSPEND_PRODUCTION, "TT 28/2013/TT-BKHCN Điều 16(1)(a)")

# Goods still at customs: what papers or marks lack is put right or assessed before they are confirmed for import.
_REMEDY_AT_CUSTOMS = FirstMeasure(Measure.REMEDY, "Luật 05/2007/QH12 Điều 36(1)")
_ASSESS_AT_CUSTOMS = FirstMeasure(Measure.ASSESS_CONFORMITY, "Luật 05/2007/QH12 Điều 36(2)")
_AT_CUSTOMS = {
    ViolationKind.CONFORMITY_MARK_MISSING: _REMEDY_AT_CUSTOMS,
    ViolationKind.CONFORMITY_MARK_FALSE: _REMEDY_AT_CUSTOMS,
    ViolationKind.LABEL_INCOMPLETE: _REMEDY_AT_CUSTOMS,
    ViolationKind.CONFORMITY_NOT_DECLARED: _ASSESS_AT_CUSTOMS,
    ViolationKind.CERTIFICATE_SUPERSEDED: _ASSESS_AT_CUSTOMS,
}
# What a test fails is put to the competent authority, which decides on re-export, destruction or recycling.
_STOP_AT_CUSTOMS = FirstMeasure(Measure.STOP_SALE, "Luật 05/2007/QH12 Điều 36(3)")


def first_measure(kind: ViolationKind, setting: Setting) -> FirstMeasure:
    """Return the measure against a violation of ``kind`` that was found in ``setting``."""
    if setting is Setting.IMPORT:
        return _AT_CUSTOMS.get(kind, _STOP_AT_CUSTOMS)
    if setting is Setting.PRODUCTION:
        return _STOP_PRODUCTION if is_measurement(kind) else FirstMeasure(Measure.REMEDY, "Luật 05/2007/QH12 Điều 30(1)(a)")
    return _ON_THE_MARKET.get(kind) or _ON_THE_TRACK[track_of(kind, Setting.MARKET)]
