"""A scale other than a spring dial scale shows at most twice the error permitted at its initial verification.

TT 09/2017/TT-BKHCN Art. 5(2) sets the factor. The errors at initial verification are the steps of OIML R 76-1 in verification
scale intervals e, by accuracy class; they are typed from memory. A load beyond the range of the class says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import InstrumentChecked, ScaleCheck

# Loads up to so many e may err by 0.5 e, 1 e and 1.5 e; the last without end where there is none.
_Steps = tuple[int, int, int | None]
_ERRORS = (Decimal("0.5"), Decimal(1), Decimal("1.5"))


class ScaleLimits(msgspec.Struct, frozen=True):
    """The steps of the error at initial verification by accuracy class, and how many times it a scale in use may err."""

    steps: Mapping[str, _Steps]
    times: int

    def of(self, load_g: Decimal, check: ScaleCheck) -> Decimal | None:
        """Return the permitted shortage in grams, or nothing for a load that is beyond the class."""
        for up_to, error in zip(self.steps[check.accuracy_class], _ERRORS, strict=True):
            if up_to is None or load_g <= up_to * check.interval_g:
                return self.times * error * check.interval_g
        return None


@judges(
    InstrumentChecked,
    kind=ViolationKind.SCALE_ERROR,
    versions=[
        Version(
            valid_from=date(2017, 8, 15),
            source="TT 09/2017/TT-BKHCN Điều 5(2), OIML R 76-1:2006",
            limits=ScaleLimits(
                steps={
                    "I": (50_000, 200_000, None),
                    "II": (5_000, 20_000, 100_000),
                    "III": (500, 2_000, 10_000),
                    "IIII": (50, 200, 1_000),
                },
                times=2,
            ),
            verified=False,
        )
    ],
)
def scale_error_within_limit(check: InstrumentChecked, version: Version[ScaleLimits]) -> Judgement | None:
    """Hold the shortage at each load against its limit."""
    if not isinstance(check.finding, ScaleCheck):
        return None
    return judge(_comparisons(check.finding, version.limits), version.decide)


def _comparisons(check: ScaleCheck, limits: ScaleLimits) -> Iterator[Comparison]:
    for load in check.loads:
        permitted = limits.of(load.load_g, check)
        if permitted is not None:
            yield Comparison("shortage", load.shortage_g, Limit(permitted), "g")
