"""A motorcycle helmet absorbs impacts, is not pierced and stays on the head, as its edition of QCVN 2 demands.

A helmet is judged by the edition it is certified to while that may be followed, otherwise by the newest one. The limits of
neither edition were read in the legal text: those of 2008 are as certification bodies tell them, those of 2021, which are
those of TCVN 5756:2017, are typed from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from services.inspection.rules.helmet_certificate_is_in_force import PERIODS, QCVN_2_2008, QCVN_2_2021, Edition
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import Helmet, SampleTested

_Limits = Mapping[str, Limit]


class ImpactLimits(msgspec.Struct, frozen=True):
    """What a helmet must keep, below a head circumference and from it on."""

    smaller: _Limits
    larger: _Limits
    parting_mm: int = 500

    def of(self, helmet: Helmet) -> _Limits:
        return self.smaller if helmet.circumference_mm < self.parting_mm else self.larger


def _at_most(**accelerations: int) -> _Limits:
    also = {"penetration_contacts": 0, "strap_displacement": 25}
    return {parameter: Limit(Decimal(value)) for parameter, value in {**accelerations, **also}.items()}


_ANY_SIZE_OF_2021 = _at_most(peak_acceleration=300, acceleration_over_2_ms=200, acceleration_over_4_ms=150)
_LIMITS = {
    QCVN_2_2008: ImpactLimits(
        smaller=_at_most(peak_acceleration=225, acceleration_over_3_ms=175, acceleration_over_6_ms=125),
        larger=_at_most(peak_acceleration=300, acceleration_over_3_ms=200, acceleration_over_6_ms=150),
    ),
    QCVN_2_2021: ImpactLimits(smaller=_ANY_SIZE_OF_2021, larger=_ANY_SIZE_OF_2021),
}


@judges(
    SampleTested,
    kind=ViolationKind.HELMET_SAFETY,
    versions=[
        Version(
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            source=", ".join([*(edition.regulation for edition in one.editions), one.source]),
            limits=one.editions,
            verified=False,
        )
        for one in PERIODS
    ],
)
def helmet_meets_qcvn_2(sample: SampleTested, version: Version[tuple[Edition, ...]]) -> Judgement | None:
    """Judge every measured parameter that has a limit; nothing for other goods, inconclusive when none has."""
    if not isinstance(sample.finding, Helmet):
        return None
    limits = _limits_of(sample.finding, version.limits)
    comparisons = (Comparison.of(one, limits[one.parameter]) for one in sample.finding.results if one.parameter in limits)
    return judge(comparisons, version.decide)


def _limits_of(helmet: Helmet, editions: tuple[Edition, ...]) -> _Limits:
    followed = (one for one in editions if helmet.certificate is not None and one.covers(helmet.certificate))
    return _LIMITS[next(followed, editions[-1]).regulation].of(helmet)
