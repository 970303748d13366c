"""Goods that were looked at on the market or declared at customs carry the conformity mark (dấu hợp quy).

Whoever looks answers only for goods that need the mark, so the answer is judged whatever the goods are.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import LotDeclared, SurveyAnswered


@judges(
    SurveyAnswered,
    LotDeclared,
    kind=ViolationKind.CONFORMITY_MARK_MISSING,
    versions=[
        Version(
            valid_from=date(2008, 7, 1),
            source="Luật 05/2007/QH12 Điều 27(2)(a), 36(1), 40(1)",
            limits=Limit(Decimal(1), at_least=True),
        )
    ],
)
def goods_carry_conformity_mark(seen: SurveyAnswered | LotDeclared, version: Version[Limit]) -> Judgement | None:
    """Judge whether the mark was there; nothing when nobody looked for it."""
    if seen.mark_present is None:
        return None
    return judge([Comparison("conformity_mark", Decimal(seen.mark_present), version.limits, "1")], version.decide)
