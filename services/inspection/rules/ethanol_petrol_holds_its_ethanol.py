"""Petrol sold as E5 holds 4 to 5 % of ethanol by volume, petrol sold as E10 holds 9 to 10 %."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from services.inspection.rules.biofuel_name_says_its_blend import blend_of
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import Fuel, SampleTested

_Share = tuple[Limit, Limit]


def _share(lowest: int, highest: int) -> _Share:
    return Limit(Decimal(lowest), at_least=True), Limit(Decimal(highest))


@judges(
    SampleTested,
    kind=ViolationKind.FUEL_QUALITY,
    versions=[
        Version(
            valid_from=date(2023, 6, 15),
            source="QCVN 01:2022/BKHCN 1.3.2, 1.3.3, TT 16/2022/TT-BKHCN",
            limits={"E5": _share(4, 5), "E10": _share(9, 10)},
        )
    ],
)
def ethanol_petrol_holds_its_ethanol(sample: SampleTested, version: Version[Mapping[str, _Share]]) -> Judgement | None:
    """Hold the measured ethanol against both ends of its range; nothing for other goods and where it was not measured."""
    limits = version.limits.get(blend_of(sample.product))
    if limits is None or not isinstance(sample.finding, Fuel):
        return None
    comparisons = [Comparison.of(one, limit) for one in sample.finding.results if one.parameter == "ethanol" for limit in limits]
    return judge(comparisons, version.decide) if comparisons else None
