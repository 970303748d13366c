"""A fuel sold as a blend keeps the limits that differ from those of unblended fuel: oxygen of E5 and E10, esters of B5.

These tables of QCVN 01:2022/BKHCN could not be read: the numbers are those of its forerunner as remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from services.inspection.rules.biofuel_name_says_its_blend import blend_of
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import Fuel, SampleTested

# Blend, parameter -> its limits.
_Limits = Mapping[tuple[str, str], tuple[Limit, ...]]

_OXYGEN = (Limit(Decimal("3.7")),)


@judges(
    SampleTested,
    kind=ViolationKind.FUEL_QUALITY,
    versions=[
        Version(
            valid_from=date(2023, 6, 15),
            source="QCVN 01:2022/BKHCN (chưa kiểm chứng), QCVN 1:2015/BKHCN",
            limits={
                ("E5", "oxygen"): _OXYGEN,
                ("E10", "oxygen"): _OXYGEN,
                ("B5", "fatty_acid_methyl_esters"): (Limit(Decimal(4), at_least=True), Limit(Decimal(5))),
            },
            verified=False,
        )
    ],
)
def biofuel_blend_keeps_its_own_limits(sample: SampleTested, version: Version[_Limits]) -> Judgement | None:
    """Judge what is measured of these; nothing for other goods and where none of it was measured."""
    blend = blend_of(sample.product)
    if not blend or not isinstance(sample.finding, Fuel):
        return None
    comparisons = [
        Comparison.of(one, limit) for one in sample.finding.results for limit in version.limits.get((blend, one.parameter), ())
    ]
    return judge(comparisons, version.decide) if comparisons else None
