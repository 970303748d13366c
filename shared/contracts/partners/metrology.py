"""Events of verification bodies and of checks of instruments in use."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from shared.contracts.envelope import Data, check_year, contract
from shared.contracts.vocabulary import (
    SAMPLE_SITE,
    Identifier,
    Product,
    ProductGroup,
    Site,
)
from shared.kernel.quantities import check_number

_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


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
