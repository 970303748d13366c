"""How much a case weighs beyond its violations once a second officer has confirmed its level of risk.

Like every weight of the score this is judgement and no legal figure. A level never takes away what the violations weigh.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from shared.contracts.vocabulary import RiskLevel


class ValidatedRiskWeights(msgspec.Struct, frozen=True):
    """The weights from ``valid_from`` until the next ones, in fresh violations; a level that is not named adds nothing."""

    valid_from: date
    source: str
    weights: Mapping[RiskLevel, float]
    verified: bool = False


VERSIONS: Sequence[ValidatedRiskWeights] = (
    ValidatedRiskWeights(
        date(2000, 1, 1),
        "Phán đoán nghiệp vụ, chưa thẩm định",
        {RiskLevel.SERIOUS: 1.0, RiskLevel.HIGH: 0.5},
    ),
)


def weight_of(level: RiskLevel, day: date) -> float:
    """Return what a level confirmed on the legal ``day`` adds."""
    version = VERSIONS[max(0, bisect(VERSIONS, day, key=lambda one: one.valid_from) - 1)]
    return version.weights.get(level, 0.0)
