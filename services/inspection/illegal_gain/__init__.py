"""The illegal gain from a violation of the law on measurement: from what was found and sold to money, line by line."""

from services.inspection.illegal_gain.facts import GainFacts, MeasurementFacts, PrepackageFacts, Price, PriceSource
from services.inspection.illegal_gain.working import IllegalGain, Line, work_out

__all__ = [
    "GainFacts",
    "IllegalGain",
    "Line",
    "MeasurementFacts",
    "PrepackageFacts",
    "Price",
    "PriceSource",
    "work_out",
]
