"""Events of testing laboratories."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from shared.contracts.envelope import Data, contract
from shared.contracts.partners.conformity import Certificate
from shared.contracts.vocabulary import (
    SAMPLE_PETROL,
    SAMPLE_SITE,
    Identifier,
    Measurement,
    Product,
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


@contract("lab.sample_tested")
class SampleTested(Data, frozen=True, kw_only=True):
    """A laboratory finished testing a sample taken at a site."""

    sample_id: Identifier
    site: Site
    product: Product
    finding: Fuel | PrepackagedLot | Helmet | Toy
    laboratory: Text
    setting: Setting = Setting.MARKET

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
