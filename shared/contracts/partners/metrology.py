"""Events of verification bodies and of checks of instruments in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from shared.contracts.envelope import Data, check_year, contract
from shared.contracts.vocabulary import (
    SAMPLE_SITE,
    Identifier,
    Product,
    ProductGroup,
    Setting,
    Site,
)
from shared.kernel.quantities import check_number

_LEAST_LITRES, _MOST_LITRES = Decimal("0.001"), Decimal(100_000)
_SAMPLE_TIME = datetime(2025, 3, 14, 2, 30, tzinfo=UTC)


class DispenserCheck(msgspec.Struct, frozen=True, kw_only=True, tag="fuel_dispenser", tag_field="kind", omit_defaults=True):
    """Relative errors of a fuel dispenser in percent, positive when the customer gets less than is shown.

    ``litres`` are the volumes they were found at, one for each error or none; ``minimum_litres`` is the minimum measured
    quantity on the dispenser's plate; ``uncertainty_percent`` is the expanded uncertainty (k = 2) of each error.
    """

    errors_percent: Annotated[list[Decimal], msgspec.Meta(min_length=1, max_length=50)]
    litres: Annotated[list[Decimal], msgspec.Meta(max_length=50)] = []
    minimum_litres: Decimal | None = None
    uncertainty_percent: Decimal | None = None

    def __post_init__(self) -> None:
        for value in self.errors_percent:
            check_number(value)
        if self.litres and len(self.litres) != len(self.errors_percent):
            raise ValueError("litres must hold one volume for each error, or none")
        for volume in (*self.litres, *([] if self.minimum_litres is None else [self.minimum_litres])):
            check_number(volume)
            if not _LEAST_LITRES <= volume <= _MOST_LITRES:
                raise ValueError(f"a volume must lie between {_LEAST_LITRES} and {_MOST_LITRES} litres")
        if self.uncertainty_percent is not None:
            check_number(self.uncertainty_percent)
            if self.uncertainty_percent < 0:
                raise ValueError("uncertainty_percent cannot be negative")


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


class ScaleCheck(msgspec.Struct, frozen=True, kw_only=True, tag="scale", tag_field="kind"):
    """A scale of another kind, of an accuracy class of OIML R 76, tried with control weights; ``interval_g`` is its e."""

    accuracy_class: Literal["I", "II", "III", "IIII"]
    interval_g: Decimal
    loads: Annotated[list[ScaleLoad], msgspec.Meta(min_length=1, max_length=50)]

    def __post_init__(self) -> None:
        check_number(self.interval_g)
        if self.interval_g <= 0:
            raise ValueError("interval_g must be above 0")


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
    finding: DispenserCheck | SpringScaleCheck | ScaleCheck | VerificationCheck
    verified_on: date | None = None
    setting: Setting = Setting.MARKET

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.verified_on is not None:
            check_year("verified_on", self.verified_on)

    def order_key(self) -> str:
        return f"site/{self.site.id}"

    @classmethod
    def sample(cls) -> InstrumentChecked:
        errors = [Decimal("0.21"), Decimal("0.25"), Decimal("0.19")]
        return cls._of("fuel_dispenser", ProductGroup.FUEL_DISPENSER, "Cột đo xăng dầu", DispenserCheck(errors_percent=errors))

    @classmethod
    def samples(cls) -> Sequence[InstrumentChecked]:
        small = DispenserCheck(
            errors_percent=[Decimal("0.4"), Decimal("0.2")], litres=[Decimal(1), Decimal(20)], minimum_litres=Decimal("0.5")
        )
        loads = [ScaleLoad(load_g=Decimal(1000), shortage_g=Decimal(5))]
        return [
            cls.sample(),
            cls._of("fuel_dispenser", ProductGroup.FUEL_DISPENSER, "Cột đo xăng dầu", small),
            cls._of(
                "spring_scale",
                ProductGroup.SCALE,
                "Cân đồng hồ lò xo",
                SpringScaleCheck(division_g=Decimal(20), loads=loads),
            ),
            cls._of(
                "platform_scale",
                ProductGroup.SCALE,
                "Cân bàn",
                ScaleCheck(accuracy_class="III", interval_g=Decimal(5), loads=loads),
            ),
            cls._of("taximeter", ProductGroup.OTHER_INSTRUMENT, "Taximet", VerificationCheck()),
        ]

    @classmethod
    def _of(
        cls,
        instrument_type: str,
        group: ProductGroup,
        name: str,
        finding: DispenserCheck | SpringScaleCheck | ScaleCheck | VerificationCheck,
    ) -> InstrumentChecked:
        return cls(
            observed_at=_SAMPLE_TIME,
            instrument_id="SAMPLE-INSTRUMENT-0001",
            instrument_type=instrument_type,
            site=SAMPLE_SITE,
            product=Product(group=group, name=name),
            finding=finding,
            verified_on=date(2024, 9, 2),
        )
