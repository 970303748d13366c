"""A spring dial scale in a market shows at most one, two or three divisions too much, by the load.

Table 2 of TT 09/2017/TT-BKHCN Art. 5(1) is one closed rule in divisions d: 20 d ≤ m ≤ 50 d → 1 d; m ≤ 200 d → 2 d; above
→ 3 d. For loads under 20 d it sets no limit, because Table 1 (Art. 4(1)) asks for a scale with finer divisions there: such
loads say nothing about the scale, and a check with no other load is inconclusive.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import InstrumentChecked, SpringScaleCheck


class ShortageLimits(msgspec.Struct, frozen=True):
    """In divisions: the least load that is judged, and the shortage permitted up to each load (none: without end)."""

    least_load: int
    permitted: tuple[tuple[int | None, int], ...]

    def of(self, load_g: Decimal, division_g: Decimal) -> Decimal | None:
        """Return the permitted shortage in grams, or nothing for a load that is too small to be judged."""
        if load_g < self.least_load * division_g:
            return None
        return next(d * division_g for up_to, d in self.permitted if up_to is None or load_g <= up_to * division_g)


@judges(
    InstrumentChecked,
    kind=ViolationKind.SCALE_ERROR,
    versions=[
        Version(
            valid_from=date(2017, 8, 15),
            source="TT 09/2017/TT-BKHCN Điều 5(1), Bảng 2",
            limits=ShortageLimits(least_load=20, permitted=((50, 1), (200, 2), (None, 3))),
        )
    ],
)
def spring_scale_shortage_within_limit(check: InstrumentChecked, version: Version[ShortageLimits]) -> Judgement | None:
    """Hold the shortage at each load of at least 20 d against its limit."""
    if not isinstance(check.finding, SpringScaleCheck):
        return None
    return judge(_comparisons(check.finding, version.limits), version.decide)


def _comparisons(check: SpringScaleCheck, limits: ShortageLimits) -> Iterator[Comparison]:
    for load in check.loads:
        permitted = limits.of(load.load_g, check.division_g)
        if permitted is not None:
            yield Comparison("shortage", load.shortage_g, Limit(permitted), "g")
