"""A toy keeps the limits of QCVN 3:2019/BKHCN 2.1.3 for formaldehyde, phthalates, aromatic amines, liquids and its supply.

The circular lets toys declared under its forerunner circulate for a time; that article could not be read, so it is not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import SampleTested, Toy

_Limits = Mapping[str, tuple[Limit, ...]]


def _at_most(value: str, *parameters: str) -> _Limits:
    return dict.fromkeys(parameters, (Limit(Decimal(value)),))


class ToyLimits(msgspec.Struct, frozen=True):
    """What every toy must keep, what those for children under 3 years, and what those that can be put into the mouth."""

    all_toys: _Limits
    under_3_years: _Limits
    mouthable: _Limits

    def of(self, toy: Toy) -> _Limits:
        return {
            **self.all_toys,
            **(self.under_3_years if toy.for_under_3_years else {}),
            **(self.mouthable if toy.mouthable else {}),
        }


_LIQUIDS_AND_SUPPLY: _Limits = {
    "liquid_ph": (Limit(Decimal(3), at_least=True), Limit(Decimal(10))),
    **_at_most("24", "supply_voltage"),
}
_FORMALDEHYDE: _Limits = {
    **_at_most("30", "formaldehyde_in_textile", "formaldehyde_in_paper"),
    **_at_most("80", "formaldehyde_in_glued_wood"),
}
_AMINES = _at_most(
    "5",
    "benzidine",
    "naphthylamine_2",
    "chloroaniline_4",
    "dichlorobenzidine_3_3",
    "dimethoxybenzidine_3_3",
    "dimethylbenzidine_3_3",
    "toluidine_o",
    "anisidine_o",
    "aniline",
)


@judges(
    SampleTested,
    kind=ViolationKind.TOY_SAFETY,
    versions=[
        Version(
            valid_from=date(2010, 4, 15),
            valid_to=date(2019, 12, 30),
            source="QCVN 3:2009/BKHCN, TT 18/2009/TT-BKHCN (chưa kiểm chứng)",
            limits=ToyLimits(_LIQUIDS_AND_SUPPLY, _FORMALDEHYDE, {}),
            verified=False,
        ),
        Version(
            valid_from=date(2019, 12, 31),
            source="QCVN 3:2019/BKHCN 2.1.3, TT 09/2019/TT-BKHCN",
            limits=ToyLimits(
                {**_LIQUIDS_AND_SUPPLY, **_at_most("0.1", "dehp", "dbp", "bbp"), **_AMINES},
                _FORMALDEHYDE,
                _at_most("0.1", "dinp", "didp", "dnop"),
            ),
        ),
    ],
)
def toy_meets_qcvn_3(sample: SampleTested, version: Version[ToyLimits]) -> Judgement | None:
    """Judge every measured parameter that is limited for such a toy; nothing for other goods and where none is."""
    if not isinstance(sample.finding, Toy):
        return None
    limits = version.limits.of(sample.finding)
    comparisons = [Comparison.of(one, limit) for one in sample.finding.results for limit in limits.get(one.parameter, ())]
    return judge(comparisons, version.decide) if comparisons else None
