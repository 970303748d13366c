"""The elements that migrate from a toy stay below the limits of TCVN 6238-3 (ISO 8124-3), to which QCVN 3:2019/BKHCN refers.

The limits are typed from memory and are those of toy materials in general: modelling clay and finger paint have others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import SampleTested, Toy


@judges(
    SampleTested,
    kind=ViolationKind.TOY_SAFETY,
    versions=[
        Version(
            valid_from=date(2019, 12, 31),
            source="QCVN 3:2019/BKHCN, TCVN 6238-3 (chưa kiểm chứng)",
            limits={
                "antimony_migration": Limit(Decimal(60)),
                "arsenic_migration": Limit(Decimal(25)),
                "barium_migration": Limit(Decimal(1000)),
                "cadmium_migration": Limit(Decimal(75)),
                "chromium_migration": Limit(Decimal(60)),
                "lead_migration": Limit(Decimal(90)),
                "mercury_migration": Limit(Decimal(60)),
                "selenium_migration": Limit(Decimal(500)),
            },
            verified=False,
        )
    ],
)
def toy_releases_few_elements(sample: SampleTested, version: Version[Mapping[str, Limit]]) -> Judgement | None:
    """Judge the elements that were measured; nothing for other goods and where none was."""
    if not isinstance(sample.finding, Toy):
        return None
    comparisons = [
        Comparison.of(one, version.limits[one.parameter]) for one in sample.finding.results if one.parameter in version.limits
    ]
    return judge(comparisons, version.decide) if comparisons else None
