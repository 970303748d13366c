"""Values that several events share. Stored names: never renamed, only superseded."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec

from shared.kernel.provinces import CODES
from shared.kernel.quantities import check_number, check_unit

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
LongText = Annotated[str, msgspec.Meta(max_length=10_000)]
# Python's $ also matches before a last line feed, hence the look-ahead.
Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"^\S(.*\S)?$(?!\n)")]
Country = Annotated[str, msgspec.Meta(max_length=80)]
ProvinceCode = Annotated[str, msgspec.Meta(max_length=2)]
UnitSymbol = Annotated[str, msgspec.Meta(max_length=20)]


def check_province(code: str) -> None:
    """Raise ``ValueError`` unless ``code`` is one of today's 34, or of the 63 before July 2025.

    A former one is taken from a fact of any day: where it lies since is known, and a fact must not get lost over it.
    """
    if code not in CODES:
        raise ValueError(f"province {code!r} is neither one of the 34 codes nor a former one; '01', for example, is Hà Nội")


class ProductGroup(StrEnum):
    """What kind of goods or instrument a fact is about; a dimension of every roll-up."""

    PETROL = "petrol"
    DIESEL = "diesel"
    LPG = "lpg"
    FUEL_DISPENSER = "fuel_dispenser"
    SCALE = "scale"
    ELECTRICITY_METER = "electricity_meter"
    WATER_METER = "water_meter"
    OTHER_INSTRUMENT = "other_instrument"
    PREPACKAGED = "prepackaged"
    HELMET = "helmet"
    TOY = "toy"
    ELECTRICAL = "electrical"
    STEEL = "steel"
    GOLD = "gold"
    VEHICLE = "vehicle"
    COSMETIC = "cosmetic"
    FOOD = "food"
    MEDICAL = "medical"
    CHEMICAL = "chemical"
    TEXTILE = "textile"
    OTHER = "other"


class Track(StrEnum):
    """Which procedure a violation follows; it decides the clocks and when a name may be published."""

    LABELS_AND_MARKS = "labels_and_marks"  # Law 05/2007/QH12 Art. 40(1)
    TEST_RESULTS = "test_results"  # Law 05/2007/QH12 Art. 40(2)
    METROLOGY = "metrology"  # TT 28/2013/TT-BKHCN Art. 21: on the market and in use
    METROLOGY_IN_PRODUCTION = "metrology_in_production"  # TT 28/2013/TT-BKHCN Art. 16
    COVERT_METROLOGY = "covert_metrology"  # TT 28/2013/TT-BKHCN Arts 26-33, handled by Art. 21 (Art. 32(4))
    PRODUCTION = "production"  # Law 05/2007/QH12 Arts 27-30
    IMPORT = "import"  # Law 05/2007/QH12 Arts 34-36: goods still in customs


# Those that the law on measurement governs, and not the one on the quality of goods.
MEASUREMENT_TRACKS = (Track.METROLOGY, Track.METROLOGY_IN_PRODUCTION, Track.COVERT_METROLOGY)


class Setting(StrEnum):
    """Where and how goods or an instrument were inspected; with the violation it decides the track."""

    MARKET = "market"  # on the market or in use
    PRODUCTION = "production"
    IMPORT = "import"
    COVERT = "covert"  # a special check: sampled before the decision was shown


class Outcome(StrEnum):
    """What a rule says of a finding."""

    CONFORMING = "conforming"
    NONCONFORMING = "nonconforming"
    INCONCLUSIVE = "inconclusive"


class RiskLevel(StrEnum):
    """How dangerous something is: by the matrix of probability and severity, or as the publisher of an alert says."""

    SERIOUS = "serious"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NOT_STATED = "not_stated"


class Measure(StrEnum):
    """What the authority orders at a site, or a trader does under its eyes.

    The first part is that of Vietnamese law; the second completes the corrective actions that product safety authorities
    tell each other (the list of the United Kingdom's product safety database).
    """

    STOP_SALE = "stop_sale"
    SEAL_AND_STOP_SALE = "seal_and_stop_sale"
    SUSPEND_USE = "suspend_use"
    RECALL = "recall"
    HANDLING_DECISION = "handling_decision"
    SEAL = "seal"
    REMEDY = "remedy"
    STOP_VIOLATION = "stop_violation"
    SUSPEND_CIRCULATION = "suspend_circulation"
    SUSPEND_PRODUCTION = "suspend_production"
    SUSPEND_MEASUREMENT = "suspend_measurement"
    SUSPEND_CERTIFICATE = "suspend_certificate"
    ASSESS_CONFORMITY = "assess_conformity"
    RE_EXPORT = "re_export"
    DESTROY = "destroy"
    RECYCLE = "recycle"
    MARKETING_BAN = "marketing_ban"
    TEMPORARY_SUPPLY_BAN = "temporary_supply_ban"
    IMPORT_REJECTED = "import_rejected"
    PRIOR_CONDITIONS = "prior_conditions"
    WARNING_MARKS = "warning_marks"
    LISTING_REMOVED = "listing_removed"
    CONSUMER_WARNING = "consumer_warning"
    WITHDRAWAL = "withdrawal"
    SEIZURE = "seizure"
    MODIFICATION_PROGRAMME = "modification_programme"
    OVERSEAS_REGULATOR_TOLD = "overseas_regulator_told"
    NO_LONGER_SOLD = "no_longer_sold"
    OTHER = "other"


class Site(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place of production, trade or use; ``tax_code`` is that of who runs it (mã số thuế), as stated."""

    id: Identifier
    name: Text
    province: ProvinceCode
    address: LongText = ""
    tax_code: Annotated[str, msgspec.Meta(max_length=60)] = ""

    def __post_init__(self) -> None:
        check_province(self.province)


class Product(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A product as far as it is known; ``key`` is what two findings must share to be about the same product."""

    group: ProductGroup
    name: Text
    brand: LongText = ""
    model: LongText = ""
    gtin: Annotated[str, msgspec.Meta(max_length=60)] = ""
    batch: LongText = ""
    hs: Annotated[str, msgspec.Meta(max_length=20)] = ""
    origin: Country = ""

    @property
    def key(self) -> str:
        return "/".join(part.strip().casefold() for part in (self.group, self.brand, self.model or self.name))


class Measurement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One measured value in any unit that converts exactly to the one its parameter's limits are stated in.

    ``uncertainty`` is the expanded uncertainty (k = 2) in the same unit as the value.
    """

    parameter: Identifier
    value: Decimal
    unit: UnitSymbol
    uncertainty: Decimal | None = None

    def __post_init__(self) -> None:
        check_number(self.value)
        check_unit(self.parameter, self.unit)
        if self.uncertainty is not None:
            check_number(self.uncertainty)
            if self.uncertainty < 0:
                raise ValueError("uncertainty cannot be negative")


class Breach(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One limit that was not kept: ``measured`` against ``limit``, both in ``unit``, as is the expanded ``uncertainty``.

    ``reported`` is the value as it came, in ``reported_unit``, where it had to be converted.
    """

    parameter: str
    measured: Decimal
    limit: Decimal
    unit: str
    uncertainty: Decimal | None = None
    reported: Decimal | None = None
    reported_unit: str = ""

    def __post_init__(self) -> None:
        if not (self.measured.is_finite() and self.limit.is_finite()):
            raise ValueError("measured and limit must be finite numbers")


SAMPLE_SITE = Site(id="SAMPLE-SITE-0001", name="Cửa hàng xăng dầu mẫu 1", province="46")
SAMPLE_PETROL = Product(group=ProductGroup.PETROL, name="Xăng RON 95-III", batch="MAU-2025-03")
