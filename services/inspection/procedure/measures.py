"""Which measures the law knows on which track, and the article of each."""

from __future__ import annotations

from collections.abc import Mapping

from shared.contracts.vocabulary import Measure, Track

_LAW = "Luật 05/2007/QH12 Điều"
_MEASUREMENT = "Luật 04/2011/QH13 Điều"
_CIRCULAR = "TT 28/2013/TT-BKHCN Điều"

# Measures that keep goods or instruments from being made, sold or used until they are lifted.
SEALING = frozenset({Measure.SEAL, Measure.SEAL_AND_STOP_SALE})
STOPPING = frozenset(
    {
        Measure.STOP_SALE,
        Measure.SEAL_AND_STOP_SALE,
        Measure.STOP_VIOLATION,
        Measure.SUSPEND_USE,
        Measure.SUSPEND_CIRCULATION,
        Measure.SUSPEND_PRODUCTION,
        Measure.SUSPEND_MEASUREMENT,
        Measure.TEMPORARY_SUPPLY_BAN,
        Measure.MARKETING_BAN,
    }
)
DISPOSING = frozenset({Measure.RE_EXPORT, Measure.DESTROY, Measure.RECYCLE})

_DECISION = {Measure.HANDLING_DECISION: f"{_LAW} 47(6)"}
_MEASUREMENT_DECISION = {Measure.HANDLING_DECISION: f"{_MEASUREMENT} 47(2)(b)"}
_IN_USE = {
    Measure.STOP_SALE: f"{_CIRCULAR} 21(1)(a)",
    Measure.SUSPEND_CIRCULATION: f"{_CIRCULAR} 21(1)(a)",
    Measure.SUSPEND_USE: f"{_CIRCULAR} 21(1)(b)",
    Measure.SUSPEND_MEASUREMENT: f"{_CIRCULAR} 21(1)(b)",
    Measure.STOP_VIOLATION: f"{_CIRCULAR} 21(2)(a)",
    Measure.SEAL: f"{_CIRCULAR} 21(2)(b)",
    **_MEASUREMENT_DECISION,
}

# The usual article of a measure. One that is not named here (recall, warning, those that a trader takes by itself…) needs
# the officer to name the law it rests on.
ARTICLES: Mapping[Track, Mapping[Measure, str]] = {
    Track.LABELS_AND_MARKS: {Measure.STOP_SALE: f"{_LAW} 40(1)(a)", Measure.REMEDY: f"{_LAW} 40(1)(b)", **_DECISION},
    Track.TEST_RESULTS: {
        Measure.SEAL: f"{_LAW} 40(2)(a)",
        Measure.STOP_SALE: f"{_LAW} 40(2)(a)",
        Measure.SEAL_AND_STOP_SALE: f"{_LAW} 40(2)(a)",
        Measure.REMEDY: f"{_LAW} 40(2)(b)",
        **_DECISION,
    },
    Track.METROLOGY: _IN_USE,
    Track.COVERT_METROLOGY: _IN_USE,
    Track.METROLOGY_IN_PRODUCTION: {
        Measure.SUSPEND_PRODUCTION: f"{_CIRCULAR} 16(1)(a)",
        Measure.STOP_VIOLATION: f"{_CIRCULAR} 16(2)(a)",
        Measure.SEAL: f"{_CIRCULAR} 16(2)(b)",
        **_MEASUREMENT_DECISION,
    },
    Track.PRODUCTION: {Measure.REMEDY: f"{_LAW} 30(1)(a)", Measure.SUSPEND_PRODUCTION: f"{_LAW} 30(2)", **_DECISION},
    Track.IMPORT: {
        Measure.REMEDY: f"{_LAW} 36(1)",
        Measure.ASSESS_CONFORMITY: f"{_LAW} 36(2)",
        Measure.RE_EXPORT: f"{_LAW} 36(3)",
        Measure.DESTROY: f"{_LAW} 36(3)",
        Measure.RECYCLE: f"{_LAW} 36(3)",
    },
}


def article_of(measure: Measure, track: Track) -> str:
    """Return the usual article of a measure on a track, empty where the law of the track names none."""
    return ARTICLES[track].get(measure, "")
