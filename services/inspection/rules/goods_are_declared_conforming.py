"""Goods of group 2 come with a declaration of conformity (công bố hợp quy), on the market and at customs.

Whoever looks answers only for goods that need one, so the answer is judged whatever the goods are. Of imports that may be
released first and owe their papers, planning counts the days.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import LotDeclared, PapersAfterRelease, SurveyAnswered


@judges(
    SurveyAnswered,
    LotDeclared,
    kind=ViolationKind.CONFORMITY_NOT_DECLARED,
    versions=[
        Version(
            valid_from=date(2008, 7, 1),
            source="Luật 05/2007/QH12 Điều 27(2)(a), 34(2), 36(2), 40(1)",
            limits=Limit(Decimal(1), at_least=True),
        )
    ],
)
def goods_are_declared_conforming(seen: SurveyAnswered | LotDeclared, version: Version[Limit]) -> Judgement | None:
    """Judge whether the declaration is there; nothing when nobody looked for it and where it may still come."""
    if isinstance(seen, LotDeclared) and seen.papers_after_release is PapersAfterRelease.OWED:
        return None
    if seen.marking is None or seen.marking.conformity_declared is None:
        return None
    declared = Decimal(seen.marking.conformity_declared)
    return judge([Comparison("conformity_declaration", declared, version.limits, "1")], version.decide)
