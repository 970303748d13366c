"""Events that outside systems publish: laboratories, verification bodies, foreign alerts, complaints, surveys, customs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from shared.contracts.envelope import Data, check_year, contract
from shared.contracts.vocabulary import (
    SAMPLE_PETROL,
    SAMPLE_SITE,
    Country,
    Identifier,
    LongText,
    Measurement,
    Product,
    ProductGroup,
    ProvinceCode,
    Site,
    Text,
    check_province,
)
from shared.kernel.quantities import check_number

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class Fuel(msgspec.Struct, frozen=True, kw_only=True, tag="fuel", tag_field="kind"):
    """A fuel sample of one emission level of QCVN 1:2022/BKHCN (2 to 5)."""

    level: Annotated[int, msgspec.Meta(ge=2, le=5)]
    results: Annotated[list[Measurement], msgspec.Meta(min_length=1, max_length=60)]


class PrepackagedLot(msgspec.Struct, frozen=True, kw_only=True, tag="prepackaged_lot", tag_field="kind"):
    """Actual contents of the packages sampled from one lot, in the unit of the nominal quantity."""

    nominal: Decimal
    unit: Literal["g", "ml"]
    lot_size: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    contents: Annotated[list[Decimal], msgspec.Meta(min_length=1, max_length=2000)]

    def __post_init__(self) -> None:
        for value in (self.nominal, *self.contents):
            check_number(value)
        if self.nominal <= 0 or min(self.contents) < 0:
            raise ValueError("nominal must be above 0 and contents not negative")
        if len(self.contents) > self.lot_size:
            raise ValueError("more packages were measured than the lot holds")


@contract("lab.sample_tested")
class SampleTested(Data, frozen=True, kw_only=True):
    """A laboratory finished testing a sample taken at a site."""

    sample_id: Identifier
    site: Site
    product: Product
    finding: Fuel | PrepackagedLot
    laboratory: Text

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> SampleTested:
        return cls(
            observed_at=_SAMPLE_TIME,
            sample_id="SAMPLE-LAB-000001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            finding=Fuel(level=4, results=[Measurement(parameter="sulfur", value=Decimal(62), unit="mg/kg")]),
            laboratory="Phòng thử nghiệm mẫu",
        )


class DispenserCheck(msgspec.Struct, frozen=True, kw_only=True, tag="fuel_dispenser", tag_field="kind"):
    """Relative errors of a fuel dispenser in percent, positive when the customer gets less than is shown."""

    errors_percent: Annotated[list[Decimal], msgspec.Meta(min_length=1, max_length=50)]

    def __post_init__(self) -> None:
        for value in self.errors_percent:
            check_number(value)


class ScaleLoad(msgspec.Struct, frozen=True, kw_only=True):
    """One load on a scale and by how much the scale showed too much for it, in grams."""

    load_g: Decimal
    shortage_g: Decimal

    def __post_init__(self) -> None:
        check_number(self.load_g)
        check_number(self.shortage_g)
        if self.load_g <= 0:
            raise ValueError("load_g must be above 0")


class SpringScaleCheck(msgspec.Struct, frozen=True, kw_only=True, tag="spring_scale", tag_field="kind"):
    """A spring dial scale tried at a market with control weights."""

    division_g: Decimal
    loads: Annotated[list[ScaleLoad], msgspec.Meta(min_length=1, max_length=50)]

    def __post_init__(self) -> None:
        check_number(self.division_g)
        if self.division_g <= 0:
            raise ValueError("division_g must be above 0")


class VerificationCheck(msgspec.Struct, frozen=True, kw_only=True, tag="verification", tag_field="kind"):
    """Only the verification mark of an instrument was looked at."""


@contract("metrology.instrument_checked")
class InstrumentChecked(Data, frozen=True, kw_only=True):
    """A measuring instrument in use was checked at a site.

    ``instrument_type`` is an item of the group-2 list (TT 23/2013/TT-BKHCN, amended by TT 07/2019), for example
    ``fuel_dispenser``; ``verified_on`` is the day of the last verification, absent when no valid mark was found.
    """

    instrument_id: Identifier
    instrument_type: Identifier
    site: Site
    product: Product
    finding: DispenserCheck | SpringScaleCheck | VerificationCheck
    verified_on: date | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.verified_on is not None:
            check_year("verified_on", self.verified_on)

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> InstrumentChecked:
        return cls(
            observed_at=_SAMPLE_TIME,
            instrument_id="SAMPLE-INSTRUMENT-0001",
            instrument_type="fuel_dispenser",
            site=SAMPLE_SITE,
            product=Product(group=ProductGroup.FUEL_DISPENSER, name="Cột đo xăng dầu"),
            finding=DispenserCheck(errors_percent=[Decimal("0.21"), Decimal("0.25"), Decimal("0.19")]),
            verified_on=date(2024, 9, 2),
        )


class RiskLevel(StrEnum):
    """How dangerous the publisher of an alert says a product is."""

    SERIOUS = "serious"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_STATED = "not_stated"


class TimePrecision(StrEnum):
    """How exactly ``observed_at`` is known; a source that states only a year gets its first day."""

    INSTANT = "instant"
    DAY = "day"
    YEAR = "year"


@contract("market.alert_published")
class AlertPublished(Data, frozen=True, kw_only=True):
    """Another country's authority published an alert about a product."""

    alert_number: Identifier
    system: Identifier
    product: Product
    precision: TimePrecision = TimePrecision.INSTANT
    notifying_country: Country = ""
    risk_level: RiskLevel = RiskLevel.NOT_STATED
    risk_types: Annotated[list[Text], msgspec.Meta(max_length=20)] = []
    risk: LongText = ""
    measures: LongText = ""
    source_url: LongText = ""

    def order_key(self) -> str:
        return f"alert/{self.system}/{self.alert_number}"

    @property
    def kind(self) -> str:
        return self.system

    @classmethod
    def sample(cls) -> AlertPublished:
        return cls(
            observed_at=_SAMPLE_TIME,
            alert_number="SAMPLE-A12/00001/25",
            system="safety_gate",
            product=Product(group=ProductGroup.TOY, name="Búp bê mẫu", brand="SAMPLE", origin="China"),
            notifying_country="Germany",
            risk_level=RiskLevel.SERIOUS,
            risk_types=["Chemical"],
            risk="Sample: the plastic contains more than 0.1 % of DEHP.",
        )


@contract("market.complaint_received")
class ComplaintReceived(Data, frozen=True, kw_only=True):
    """A consumer complained about a product or a site; no personal data of the complainant is carried."""

    complaint_id: Identifier
    site: Site
    product: Product
    text: LongText = ""

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> ComplaintReceived:
        return cls(
            observed_at=_SAMPLE_TIME,
            complaint_id="SAMPLE-COMPLAINT-0001",
            site=SAMPLE_SITE,
            product=SAMPLE_PETROL,
            text="Mẫu: bơm 10 lít nhưng bình chỉ nhận khoảng 9,7 lít.",
        )


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
    were looked at. ``count`` is the number of activities the answer stands for.
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

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.unit_province:
            check_province(self.unit_province)
        if self.mark_present is not None and (self.site is None or self.product is None):
            raise ValueError("mark_present needs the site and the product that were looked at")

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


@contract("customs.lot_declared")
class LotDeclared(Data, frozen=True, kw_only=True):
    """An importer declared a lot of goods at the single window; ``mark_present`` as in ``survey.answered``."""

    declaration_no: Identifier
    importer: Site
    product: Product
    quantity: Decimal
    unit: Text
    mark_present: bool | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        check_number(self.quantity)
        if self.quantity <= 0:
            raise ValueError("quantity must be above 0")

    @property
    def province(self) -> str:
        return self.importer.province

    def order_key(self) -> str:
        return f"site/{self.importer.id}"

    @classmethod
    def sample(cls) -> LotDeclared:
        return cls(
            observed_at=_SAMPLE_TIME,
            declaration_no="SAMPLE-DECLARATION-0001",
            importer=Site(id="SAMPLE-IMPORTER-0001", name="Công ty nhập khẩu mẫu 1", province="31"),
            product=Product(group=ProductGroup.TOY, name="Đồ chơi mẫu", hs="9503.00", origin="China"),
            quantity=Decimal(1200),
            unit="chiếc",
            mark_present=True,
        )
