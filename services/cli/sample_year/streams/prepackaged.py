"""Lots of prepackaged goods, sampled by the plans of OIML R 87 and weighed or measured package by package."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random
from statistics import NormalDist
from typing import Literal, NamedTuple

from services.cli.sample_year.places import Sites
from services.cli.sample_year.season import Season
from services.cli.sample_year.subject import Stream, Subject
from shared.contracts.partners import PrepackagedLot, SampleTested
from shared.contracts.vocabulary import Product, ProductGroup

_RISK = 0.06
_POOL = 200
_LOTS = (*[(100, 500, 50)] * 6, *[(501, 3200, 80)] * 3, (3201, 9000, 125))
_LABORATORIES = tuple(f"Phòng đo lường mẫu {number}" for number in (1, 2))
_PRODUCERS = Sites("PACK", "Cơ sở đóng gói mẫu", 0.2)


class _Goods(NamedTuple):
    """Goods of one nominal quantity and the contents met in good lots, in short ones, and in a package far too light."""

    product: Product
    nominal: Decimal
    unit: Literal["g", "ml"]
    full: tuple[Decimal, ...]
    short: tuple[Decimal, ...]
    light: Decimal


def _goods(name: str, nominal: int, unit: Literal["g", "ml"], tolerable: str) -> _Goods:
    """Spread the contents by a quarter of the tolerable deficiency, cut at 3 standard deviations: a full lot never fails."""
    deviation = float(tolerable) / 4
    step = Decimal("0.1") if nominal < 2000 else Decimal(1)  # noqa: PLR2004 - what scales of these ranges resolve

    def contents(offset: float) -> tuple[Decimal, ...]:
        spread = NormalDist(nominal + offset * deviation, deviation)
        quantiles = (0.00135 + 0.9973 * number / (_POOL - 1) for number in range(_POOL))
        return tuple(Decimal(spread.inv_cdf(one)).quantize(step) for one in quantiles)

    light = (nominal - Decimal("2.4") * Decimal(tolerable)).quantize(step)
    product = Product(group=ProductGroup.PREPACKAGED, name=name, brand="SAMPLE")
    return _Goods(product, Decimal(nominal), unit, contents(0.8), contents(-1.3), light)


_GOODS = (
    _goods("Cà phê bột mẫu 250 g", 250, "g", "9"),
    _goods("Mì chính mẫu 454 g", 454, "g", "13.62"),
    _goods("Bánh kẹo mẫu 500 g", 500, "g", "15"),
    _goods("Nước mắm mẫu 500 ml", 500, "ml", "15"),
    _goods("Bột giặt mẫu 800 g", 800, "g", "15"),
    _goods("Dầu ăn mẫu 1 lít", 1000, "ml", "15"),
    _goods("Gạo mẫu 5 kg", 5000, "g", "75"),
)


def _draw(rng: Random) -> Subject:
    site, factor = _PRODUCERS.pick(rng)
    goods = _GOODS[int(rng.random() * len(_GOODS))]

    def look(rng: Random, at: datetime, number: str, conforms: bool) -> SampleTested:
        smallest, largest, size = _LOTS[int(rng.random() * len(_LOTS))]
        is_short = not conforms and rng.random() < 0.7  # noqa: PLR2004 - the other failing lots hold one light package
        contents = rng.choices(goods.short if is_short else goods.full, k=size)
        if not conforms and not is_short:
            contents[int(rng.random() * size)] = goods.light
        lot = PrepackagedLot(
            nominal=goods.nominal,
            unit=goods.unit,
            lot_size=smallest + int(rng.random() * (largest - smallest + 1)),
            contents=contents,
        )
        return SampleTested(
            observed_at=at,
            sample_id=number,
            site=site,
            product=goods.product,
            finding=lot,
            laboratory=_LABORATORIES[int(rng.random() * len(_LABORATORIES))],
        )

    return Subject(_RISK * factor, look)


# Gift packages are weighed before Tết and before Mid-Autumn.
STREAMS = (
    Stream(
        "PACK", 0.09, _draw, Season((1.2, 0.7, 0.9, 0.9, 0.9, 1.0, 1.0, 1.2, 1.2, 0.9, 1.0, 1.4), tet=1.8), was=0.88, was_risk=1.1
    ),
)
