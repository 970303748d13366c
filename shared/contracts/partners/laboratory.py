"""Events of testing laboratories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.partners.conformity import Certificate
from shared.contracts.vocabulary import (
    SAMPLE_PETROL,
    SAMPLE_SITE,
    Identifier,
    Measurement,
    Product,
    ProductGroup,
    Setting,
    Site,
    Text,
)
from shared.kernel.quantities import check_number

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class Fuel(msgspec.Struct, frozen=True, kw_only=True, tag="fuel", tag_field="kind", omit_defaults=True):
    """A fuel sample of one emission level of QCVN 1:2022/BKHCN (2 to 5).

    ``season`` is the one the fuel was sold for: in winter diesel must stay fluid at a lower temperature. Not stated, it counts
    as summer.
    """

    level: Annotated[int, msgspec.Meta(ge=2, le=5)]
    results: Annotated[list[Measurement], msgspec.Meta(min_length=1, max_length=60)]
    season: Literal["summer", "winter"] = "summer"


class PrepackagedLot(msgspec.Struct, frozen=True, kw_only=True, tag="prepackaged_lot", tag_field="kind"):
    """Actual contents of the packages sampled from one lot, in the unit of the nominal quantity."""

    nominal: Decimal
    unit: Literal["g", "ml", "kg", "l"]
    lot_size: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
    contents: Annotated[list[Decimal], msgspec.Meta(min_length=1, max_length=2000)]

    def __post_init__(self) -> None:
        for value in (self.nominal, *self.contents):
            check_number(value)
        if self.nominal <= 0 or min(self.contents) < 0:
            raise ValueError("nominal must be above 0 and contents not negative")
        if len(self.contents) > self.lot_size:
            raise ValueError("more packages were measured than the lot holds")


class Helmet(msgspec.Struct, frozen=True, kw_only=True, tag="helmet", tag_field="kind", omit_defaults=True):
    """A motorcycle helmet for heads of ``circumference_mm``; ``certificate`` is absent where it shows none."""

    circumference_mm: Annotated[int, msgspec.Meta(ge=300, le=800)]
    results: Annotated[list[Measurement], msgspec.Meta(min_length=1, max_length=60)]
    certificate: Certificate | None = None


class Toy(msgspec.Struct, frozen=True, kw_only=True, tag="toy", tag_field="kind", omit_defaults=True):
    """A toy; whether it is for children under 3 years and can be put into the mouth decides which limits it must keep.

    Aromatic amines are reported for the parts they are limited in (QCVN 3:2019/BKHCN, Table 2).
    """

    for_under_3_years: bool
    mouthable: bool
    results: Annotated[list[Measurement], msgspec.Meta(min_length=1, max_length=60)]


class ApplianceKind(StrEnum):
    """The goods on the list of QCVN 4:2009/BKHCN."""

    INSTANTANEOUS_WATER_HEATER = "instantaneous_water_heater"
    STORAGE_WATER_HEATER = "storage_water_heater"
    HAIR_DRYER = "hair_dryer"
    KETTLE = "kettle"
    RICE_COOKER = "rice_cooker"
    FAN = "fan"
    IRON = "iron"
    MICROWAVE_OVEN = "microwave_oven"
    PORTABLE_OVEN = "portable_oven"
    PVC_CABLE = "pvc_cable"
    IMMERSION_HEATER = "immersion_heater"
    TEA_OR_COFFEE_MAKER = "tea_or_coffee_maker"
    HAND_DRYER = "hand_dryer"


class Appliance(msgspec.Struct, frozen=True, kw_only=True, tag="appliance", tag_field="kind", omit_defaults=True):
    """An electrical appliance, of a class of protection against electric shock (IEC 61140).

    ``stationary`` ones of class I, which are fixed or too heavy to carry about, may leak more; heating ones by their power.
    """

    appliance: ApplianceKind
    protection_class: Literal["0", "0I", "I", "II", "III"]
    results: Annotated[list[Measurement], msgspec.Meta(min_length=1, max_length=60)]
    stationary: bool = False
    rated_watts: Decimal | None = None

    def __post_init__(self) -> None:
        if self.rated_watts is not None:
            check_number(self.rated_watts)
            if self.rated_watts <= 0:
                raise ValueError("rated_watts must be above 0")


class Disturbance(StrEnum):
    """How an appliance disturbs radio: by the voltage at its mains terminals, or by the power on its leads."""

    VOLTAGE = "voltage"
    POWER = "power"


class EmissionReading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A quasi-peak level at a frequency, in dB(µV) for voltage and dB(pW) for power; its uncertainty is expanded (k = 2)."""

    disturbance: Disturbance
    frequency_mhz: Decimal
    level_db: Decimal
    uncertainty_db: Decimal | None = None

    def __post_init__(self) -> None:
        for value in (self.frequency_mhz, self.level_db, *([] if self.uncertainty_db is None else [self.uncertainty_db])):
            check_number(value)
        if self.frequency_mhz <= 0:
            raise ValueError("frequency_mhz must be above 0")
        if self.uncertainty_db is not None and self.uncertainty_db < 0:
            raise ValueError("uncertainty_db cannot be negative")


class Emissions(msgspec.Struct, frozen=True, kw_only=True, tag="emissions", tag_field="kind"):
    """The levels at which an electrical appliance came nearest to its limits of radio disturbance."""

    readings: Annotated[list[EmissionReading], msgspec.Meta(min_length=1, max_length=200)]


Finding: TypeAlias = Fuel | PrepackagedLot | Helmet | Toy | Appliance | Emissions


@contract("lab.sample_tested")
class SampleTested(Data, frozen=True, kw_only=True):
    """A laboratory finished testing a sample taken at a site."""

    sample_id: Identifier
    site: Site
    product: Product
    finding: Finding
    laboratory: Text
    setting: Setting = Setting.MARKET

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> SampleTested:
        return cls._of(SAMPLE_PETROL, Fuel(level=4, results=[_measured("sulfur", "62", "mg/kg")]))

    @classmethod
    def samples(cls) -> Sequence[SampleTested]:
        e5 = Product(group=ProductGroup.PETROL, name="Xăng E5 RON 92-III")
        blend = Fuel(level=3, results=[_measured("ethanol", "4.6", "% vol"), _measured("oxygen", "1.9", "% mass")])
        coffee = Product(group=ProductGroup.PREPACKAGED, name="Cà phê bột mẫu 250 g", brand="SAMPLE")
        contents = [Decimal(one) for one in ("251", "249.5", "250.4", "250")]
        helmet = Product(group=ProductGroup.HELMET, name="Mũ bảo hiểm mẫu nửa đầu", brand="SAMPLE")
        toy = Product(group=ProductGroup.TOY, name="Búp bê mẫu", brand="SAMPLE")
        kettle = Product(group=ProductGroup.ELECTRICAL, name="Ấm đun nước mẫu", brand="SAMPLE")
        return [
            cls.sample(),
            cls._of(e5, blend),
            cls._of(coffee, PrepackagedLot(nominal=Decimal(250), unit="g", lot_size=4, contents=contents)),
            cls._of(
                helmet,
                Helmet(
                    circumference_mm=540,
                    results=[_measured("peak_acceleration", "262", "gn"), _measured("strap_displacement", "14", "mm")],
                    certificate=Certificate(regulation="QCVN 2:2021/BKHCN", certified_on=date(2024, 5, 20)),
                ),
            ),
            cls._of(
                toy,
                Toy(
                    for_under_3_years=True,
                    mouthable=True,
                    results=[_measured("dehp", "0.14", "% mass"), _measured("lead_migration", "12", "mg/kg")],
                ),
            ),
            cls._of(
                kettle,
                Appliance(
                    appliance=ApplianceKind.KETTLE,
                    protection_class="I",
                    results=[_measured("leakage_current", "0.31", "mA"), _measured("earth_resistance", "0.06", "ohm")],
                ),
            ),
            cls._of(
                kettle,
                Emissions(
                    readings=[
                        EmissionReading(disturbance=Disturbance.VOLTAGE, frequency_mhz=Decimal("0.2"), level_db=Decimal("51.3"))
                    ]
                ),
            ),
        ]

    @classmethod
    def _of(cls, product: Product, finding: Finding) -> SampleTested:
        return cls(
            observed_at=_SAMPLE_TIME,
            sample_id="SAMPLE-LAB-000001",
            site=SAMPLE_SITE,
            product=product,
            finding=finding,
            laboratory="Phòng thử nghiệm mẫu",
        )


def _measured(parameter: str, value: str, unit: str) -> Measurement:
    return Measurement(parameter=parameter, value=Decimal(value), unit=unit)
