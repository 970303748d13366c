"""Which procedure a violation follows: by what was violated, and by where and how it was found."""

from __future__ import annotations

from shared.contracts.inspection import ViolationKind
from shared.contracts.vocabulary import Setting, Track

_TRACKS = {
    ViolationKind.CONFORMITY_MARK_MISSING: Track.LABELS_AND_MARKS,
    ViolationKind.CONFORMITY_MARK_FALSE: Track.LABELS_AND_MARKS,
    ViolationKind.CONFORMITY_NOT_DECLARED: Track.LABELS_AND_MARKS,
    ViolationKind.CERTIFICATE_SUPERSEDED: Track.LABELS_AND_MARKS,
    ViolationKind.LABEL_INCOMPLETE: Track.LABELS_AND_MARKS,
    ViolationKind.FUEL_QUALITY: Track.TEST_RESULTS,
    ViolationKind.HELMET_SAFETY: Track.TEST_RESULTS,
    ViolationKind.TOY_SAFETY: Track.TEST_RESULTS,
    ViolationKind.ELECTRICAL_SAFETY: Track.TEST_RESULTS,
    ViolationKind.ELECTROMAGNETIC_DISTURBANCE: Track.TEST_RESULTS,
    ViolationKind.DISPENSER_ERROR: Track.METROLOGY,
    ViolationKind.SCALE_ERROR: Track.METROLOGY,
    ViolationKind.PREPACKAGE_QUANTITY: Track.METROLOGY,
    ViolationKind.VERIFICATION_LAPSED: Track.METROLOGY,
}


# Where the law has a procedure of its own for the place or the manner: for goods, and for measurement.
_GOODS_ELSEWHERE = {Setting.PRODUCTION: Track.PRODUCTION, Setting.IMPORT: Track.IMPORT}
_MEASUREMENT_ELSEWHERE = {
    Setting.PRODUCTION: Track.METROLOGY_IN_PRODUCTION,
    Setting.IMPORT: Track.IMPORT,
    Setting.COVERT: Track.COVERT_METROLOGY,
}
# A case about labels in which a test fails too goes on as one about test results, which lets the agency do more.
_GRAVER = {(Track.LABELS_AND_MARKS, Track.TEST_RESULTS)}


def track_of(kind: ViolationKind, setting: Setting) -> Track:
    """Return the track of a violation of ``kind`` that was found in ``setting``."""
    on_the_market = _TRACKS[kind]
    elsewhere = _MEASUREMENT_ELSEWHERE if is_measurement(kind) else _GOODS_ELSEWHERE
    return elsewhere.get(setting, on_the_market)


def is_measurement(kind: ViolationKind) -> bool:
    """Tell whether a violation of ``kind`` is one of the law on measurement."""
    return _TRACKS[kind] is Track.METROLOGY


def shown_by_a_test(kind: ViolationKind) -> bool:
    """Tell whether a violation of ``kind`` is shown by the result of a test."""
    return _TRACKS[kind] is Track.TEST_RESULTS


def track_after(followed: Track, joined: Track) -> Track:
    """Return the track of a case on ``followed`` that a violation on the track ``joined`` becomes part of."""
    return joined if (followed, joined) in _GRAVER else followed
