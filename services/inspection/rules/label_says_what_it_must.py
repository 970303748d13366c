"""The label of goods says what is mandatory for them, on the market in Vietnamese.

The decree on goods labels could not be read: what it demands is typed from memory, only the date of production on helmets
is not (TT 23/2009/TT-BKHCN Art. 3(2)). What the decree demands of each kind of goods beyond that is not held here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import LabelContent, LotDeclared, SurveyAnswered
from shared.contracts.vocabulary import ProductGroup, Setting

_PRESENT = Limit(Decimal(1), at_least=True)


class Demands(msgspec.Struct, frozen=True):
    """What a label must say of goods on the market, of some goods besides, and of goods at customs."""

    on_the_market: frozenset[LabelContent]
    besides: Mapping[ProductGroup, frozenset[LabelContent]]
    at_customs: frozenset[LabelContent]

    def of(self, group: ProductGroup, setting: Setting) -> frozenset[LabelContent]:
        return self.at_customs if setting is Setting.IMPORT else self.on_the_market | self.besides.get(group, frozenset())


_ON_THE_MARKET = frozenset(
    {LabelContent.GOODS_NAME, LabelContent.RESPONSIBLE_PERSON, LabelContent.ORIGIN, LabelContent.VIETNAMESE_TEXT}
)
_BESIDES = {ProductGroup.HELMET: frozenset({LabelContent.PRODUCTION_DATE})}


@judges(
    SurveyAnswered,
    LotDeclared,
    kind=ViolationKind.LABEL_INCOMPLETE,
    versions=[
        # What the original label lacks could still be put on a supplementary one after customs.
        Version(
            valid_from=date(2017, 6, 1),
            valid_to=date(2022, 2, 14),
            source="Luật 05/2007/QH12 Điều 27(2)(a), NĐ 43/2017/NĐ-CP Điều 10(1) (chưa kiểm chứng)",
            limits=Demands(_ON_THE_MARKET, _BESIDES, frozenset()),
            verified=False,
        ),
        Version(
            valid_from=date(2022, 2, 15),
            source="Luật 05/2007/QH12 Điều 27(2)(a), NĐ 43/2017/NĐ-CP Điều 10, sửa đổi bởi NĐ 111/2021/NĐ-CP (chưa kiểm chứng)",
            limits=Demands(_ON_THE_MARKET, _BESIDES, frozenset({LabelContent.GOODS_NAME, LabelContent.ORIGIN})),
            verified=False,
        ),
    ],
)
def label_says_what_it_must(seen: SurveyAnswered | LotDeclared, version: Version[Demands]) -> Judgement | None:
    """Judge the label that was read; nothing when nobody read it and where nothing is demanded of it."""
    if seen.product is None or seen.marking is None or seen.marking.label_lacks is None:
        return None
    lacking = seen.marking.label_lacks
    comparisons = [
        Comparison(f"label_{content}", Decimal(content not in lacking), _PRESENT, "1")
        for content in sorted(version.limits.of(seen.product.group, seen.setting))
    ]
    return judge(comparisons, version.decide) if comparisons else None
