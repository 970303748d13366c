"""The conformity mark of goods is neither forged nor used without right."""

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
    kind=ViolationKind.CONFORMITY_MARK_FALSE,
    versions=[
        Version(
            valid_from=date(2008, 7, 1),
            source="Luật 05/2007/QH12 Điều 8(7), 27(2)(a)",
            limits=Limit(Decimal(1), at_least=True),
        )
    ],
)
def conformity_mark_is_used_by_right(seen: SurveyAnswered | LotDeclared, version: Version[Limit]) -> Judgement | None:
    """Judge the mark that was seen; nothing when nobody asked whose it was."""
    if seen.marking is None or seen.marking.mark_used_by_right is None:
        return None
    by_right = Decimal(seen.marking.mark_used_by_right)
    return judge([Comparison("mark_used_by_right", by_right, version.limits, "1")], version.decide)
