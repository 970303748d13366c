"""Events of the survey portal: what units did, and the goods they looked at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.partners.conformity import Certificate, LabelContent, Marking
from shared.contracts.vocabulary import (
    SAMPLE_SITE,
    Identifier,
    Product,
    ProductGroup,
    ProvinceCode,
    Setting,
    Site,
    check_province,
)

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class Activity(StrEnum):
    """What a unit did, as its survey portal reports it; planning counts these towards targets."""

    MARKET_SURVEY = "market_survey"
    INSPECTION = "inspection"
    TRAINING_CLASS = "training_class"
    STANDARD_ISSUED = "standard_issued"
    NATIONAL_REGULATION_DRAFTED = "national_regulation_drafted"
    LOCAL_REGULATION_DRAFTED = "local_regulation_drafted"
    QUANTITY_MARK_DECLARATION = "quantity_mark_declaration"
    QUALITY_AWARD_ROUND = "quality_award_round"


@contract("survey.answered")
class SurveyAnswered(Data, frozen=True, kw_only=True):
    """A unit answered on the survey portal: an activity done, or goods looked at on the market.

    ``mark_present`` tells whether the looked-at goods carried the conformity mark (dấu hợp quy); absent when no goods
    were looked at. ``marking`` tells what else they showed. ``count`` is the number of activities the answer stands for.
    """

    answer_id: Identifier
    unit: Identifier
    activity: Activity
    unit_province: ProvinceCode = ""
    count: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    topics: Annotated[list[ProductGroup], msgspec.Meta(max_length=30)] = []
    site: Site | None = None
    product: Product | None = None
    mark_present: bool | None = None
    setting: Setting = Setting.MARKET
    marking: Marking | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.unit_province:
            check_province(self.unit_province)
        has_looked = self.mark_present is not None or self.marking is not None
        if has_looked and (self.site is None or self.product is None):
            raise ValueError("mark_present and marking need the site and the product that were looked at")

    @property
    def province(self) -> str:
        return self.site.province if self.site is not None else self.unit_province

    @property
    def product_group(self) -> str:
        if self.product is not None:
            return str(self.product.group)
        return str(self.topics[0]) if len(self.topics) == 1 else ""

    @property
    def kind(self) -> str:
        return str(self.activity)

    def order_key(self) -> str:
        return f"site/{self.site.id}" if self.site is not None else f"unit/{self.unit}"

    @classmethod
    def sample(cls) -> SurveyAnswered:
        return cls(
            observed_at=_SAMPLE_TIME,
            answer_id="SAMPLE-ANSWER-0001",
            unit="SAMPLE-UNIT-46",
            activity=Activity.MARKET_SURVEY,
            unit_province="46",
            site=SAMPLE_SITE,
            product=Product(group=ProductGroup.HELMET, name="Mũ bảo hiểm mẫu", brand="SAMPLE"),
            mark_present=True,
        )

    @classmethod
    def samples(cls) -> Sequence[SurveyAnswered]:
        seen = Marking(
            mark_used_by_right=True,
            label_lacks=[LabelContent.PRODUCTION_DATE],
            certificate=Certificate(regulation="QCVN 2:2008/BKHCN", certified_on=date(2023, 6, 1)),
        )
        return [cls.sample(), msgspec.structs.replace(cls.sample(), answer_id="SAMPLE-ANSWER-0002", marking=seen)]
