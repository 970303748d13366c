"""Imported goods of group 2 come with a declaration of conformity (công bố hợp quy).

Whoever receives the customs declaration answers only for goods of group 2, so the answer is judged whatever the goods are.
Of goods that may be released first and owe their papers, planning counts the days.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import LotDeclared, PapersAfterRelease


@judges(
    LotDeclared,
    kind=ViolationKind.CONFORMITY_NOT_DECLARED,
    versions=[
        Version(
            valid_from=date(2008, 7, 1),
            source="Luật 05/2007/QH12 Điều 34(2), 36(2)",
            limits=Limit(Decimal(1), at_least=True),
        )
    ],
)
def imported_goods_are_declared_conforming(lot: LotDeclared, version: Version[Limit]) -> Judgement | None:
    """Judge whether the declaration is there; nothing when nobody looked for it and where it may still come."""
    if lot.papers_after_release is PapersAfterRelease.OWED:
        return None
    if lot.marking is None or lot.marking.conformity_declared is None:
        return None
    declared = Decimal(lot.marking.conformity_declared)
    return judge([Comparison("conformity_declaration", declared, version.limits, "1")], version.decide)
