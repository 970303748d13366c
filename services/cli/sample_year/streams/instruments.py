"""Measuring instruments in use: fuel dispensers, market scales, and verification marks of the group-2 list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from services.cli.sample_year.places import Sites
from services.cli.sample_year.season import Season
from services.cli.sample_year.streams.fuel import STATIONS
from services.cli.sample_year.subject import Stream, Subject
from shared.contracts.partners import (
    DispenserCheck,
    InstrumentChecked,
    ScaleLoad,
    SpringScaleCheck,
    VerificationCheck,
)
from shared.contracts.vocabulary import Product, ProductGroup

_DISPENSER_RISK, _SCALE_RISK, _LAPSED_RISK = 0.04, 0.08, 0.05
_LAPSED_DISPENSERS = 0.3  # of the dispensers in breach: the mark is too old rather than the error too large
_MARKETS = Sites("MARKET", "Chợ mẫu", 0.25)
_OWNERS = Sites("OWNER", "Đơn vị sử dụng phương tiện đo mẫu", 0.3)

_DISPENSER = Product(group=ProductGroup.FUEL_DISPENSER, name="Cột đo xăng dầu")
_SCALE = Product(group=ProductGroup.SCALE, name="Cân đồng hồ lò xo")
_VERIFICATION = VerificationCheck()
_KEPT = tuple(Decimal(hundredths) / 100 for hundredths in range(-22, 43))  # percent; the limit is 0.45
_BROKEN = tuple(Decimal(hundredths) / 100 for hundredths in range(48, 171))


def _verified(rng: Random, at: datetime, months: int, *, lapsed: bool) -> date | None:
    """Return the day of the last verification of an instrument that is due every ``months``; none for a missing mark."""
    if not lapsed:
        return at.date() - timedelta(days=int(rng.random() * (months * 30 - 5)))
    if rng.random() < 0.15:  # noqa: PLR2004
        return None
    return at.date() - timedelta(days=months * 31 + 3 + int(rng.random() * 400))


def _dispenser(rng: Random) -> Subject:
    site, factor = STATIONS.pick(rng)
    instrument_id = f"{site.id}-P{1 + int(rng.random() * 6)}"
    is_lapsed = rng.random() < _LAPSED_DISPENSERS

    def look(rng: Random, at: datetime, _number: str, conforms: bool) -> InstrumentChecked:
        wrong = not conforms and not is_lapsed
        lapsed = not conforms and is_lapsed
        if wrong:
            first = int(rng.random() * (len(_BROKEN) - 10))
            errors = [_BROKEN[first + int(rng.random() * 10)] for _ in range(3)]
        else:
            errors = [_KEPT[int((rng.random() + rng.random()) * 0.5 * len(_KEPT))] for _ in range(3)]
        return InstrumentChecked(
            observed_at=at,
            instrument_id=instrument_id,
            instrument_type="fuel_dispenser",
            site=site,
            product=_DISPENSER,
            finding=DispenserCheck(errors_percent=errors),
            verified_on=_verified(rng, at, 12, lapsed=lapsed),
        )

    return Subject(_DISPENSER_RISK * factor, look)


class _Scales(NamedTuple):
    """Checks of one division: those that pass and those that do not (TT 09/2017: 1, 2 or 3 divisions by the load)."""

    good: tuple[SpringScaleCheck, ...]
    bad: tuple[SpringScaleCheck, ...]


def _scales(division: int) -> _Scales:
    d = Decimal(division)
    loads = (30 * d, 100 * d, 210 * d)

    def check(*divisions: str) -> SpringScaleCheck:
        shortages = (d * Decimal(one) for one in divisions)
        return SpringScaleCheck(
            division_g=d,
            loads=[ScaleLoad(load_g=load, shortage_g=shortage) for load, shortage in zip(loads, shortages, strict=False)],
        )

    good = (check("0", "0", "0"), check("0", "0.5", "1"), check("0.5", "1", "2"), check("1", "1.5", "2.5"), check("0", "1"))
    bad = (check("1.5", "3", "5"), check("1", "2.5", "4"), check("2", "4", "6.5"), check("0.5", "3"))
    return _Scales(good, bad)


_SCALES = tuple(_scales(division) for division in (5, 10, 20, 20, 50, 50, 200))


def _spring_scale(rng: Random) -> Subject:
    site, factor = _MARKETS.pick(rng)
    instrument_id = f"{site.id}-S{1 + int(rng.random() * 40)}"
    good, bad = _SCALES[int(rng.random() * len(_SCALES))]

    def look(rng: Random, at: datetime, _number: str, conforms: bool) -> InstrumentChecked:
        checks = good if conforms else bad
        return InstrumentChecked(
            observed_at=at,
            instrument_id=instrument_id,
            instrument_type="spring_scale",
            site=site,
            product=_SCALE,
            finding=checks[int(rng.random() * len(checks))],
            verified_on=_verified(rng, at, 24, lapsed=False),
        )

    return Subject(_SCALE_RISK * factor, look)


# Type of the group-2 list, product, verification period in months.
_MARKED = (
    ("electricity_meter_1_phase_electronic", Product(group=ProductGroup.ELECTRICITY_METER, name="Công tơ điện 1 pha"), 72),
    ("electricity_meter_3_phase_electronic", Product(group=ProductGroup.ELECTRICITY_METER, name="Công tơ điện 3 pha"), 36),
    ("cold_water_meter_mechanical", Product(group=ProductGroup.WATER_METER, name="Đồng hồ đo nước lạnh"), 60),
    ("lpg_dispenser", Product(group=ProductGroup.LPG, name="Cột đo khí dầu mỏ hóa lỏng"), 12),
    ("truck_scale", Product(group=ProductGroup.SCALE, name="Cân ô tô"), 12),
    ("platform_scale", Product(group=ProductGroup.SCALE, name="Cân bàn"), 12),
    ("taximeter", Product(group=ProductGroup.OTHER_INSTRUMENT, name="Taximet"), 18),
    ("sphygmomanometer", Product(group=ProductGroup.OTHER_INSTRUMENT, name="Huyết áp kế"), 12),
)


def _mark(rng: Random) -> Subject:
    site, factor = _OWNERS.pick(rng)
    instrument_type, product, months = _MARKED[int(rng.random() * len(_MARKED))]
    instrument_id = f"{site.id}-{instrument_type}-{1 + int(rng.random() * 20)}"

    def look(rng: Random, at: datetime, _number: str, conforms: bool) -> InstrumentChecked:
        return InstrumentChecked(
            observed_at=at,
            instrument_id=instrument_id,
            instrument_type=instrument_type,
            site=site,
            product=product,
            finding=_VERIFICATION,
            verified_on=_verified(rng, at, months, lapsed=not conforms),
        )

    return Subject(_LAPSED_RISK * factor, look)


STREAMS = (
    Stream(
        "PUMP",
        0.19,
        _dispenser,
        Season((1.1, 0.8, 1.2, 1.1, 0.9, 1.0, 0.9, 0.9, 1.0, 1.1, 1.1, 1.1), tet=1.3),
        was=1.05,
        was_risk=1.1,
    ),
    Stream("SCALE", 0.09, _spring_scale, Season((1.2, 0.8, 0.9, 1.0, 1.0, 0.9, 0.9, 1.0, 1.0, 1.0, 1.2, 1.3), tet=1.6), was=0.95),
    Stream("MARK", 0.1, _mark, Season((0.8, 0.7, 1.1, 1.2, 1.2, 1.1, 1.0, 1.0, 1.0, 1.1, 1.1, 0.9)), was=0.9, was_risk=0.9),
)
