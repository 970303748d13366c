"""Which procedure a violation follows: labels and marks, test results, or metrology."""

from __future__ import annotations

from shared.contracts.inspection import ViolationKind
from shared.contracts.vocabulary import Track

_TRACKS = {
    ViolationKind.CONFORMITY_MARK_MISSING: Track.LABELS_AND_MARKS,
    ViolationKind.FUEL_QUALITY: Track.TEST_RESULTS,
    ViolationKind.DISPENSER_ERROR: Track.METROLOGY,
    ViolationKind.SCALE_ERROR: Track.METROLOGY,
    ViolationKind.PREPACKAGE_QUANTITY: Track.METROLOGY,
    ViolationKind.VERIFICATION_LAPSED: Track.METROLOGY,
}


def track_of(kind: ViolationKind) -> Track:
    """Return the track of a violation of ``kind``."""
    return _TRACKS[kind]
