"""Measuring instruments in use: fuel dispensers, market scales of two kinds, and verification marks of the group-2 list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from services.cli.sample_year.places import Sites
from services.cli.sample_year.season import Season
from services.cli.sample_year.streams.fuel import STATIONS
from services.cli.sample_year.subject import Stream, Subject
from services.inspection.rules.verification_is_valid.group_2_instruments import GROUP_2
from shared.contracts.partners import (
    DispenserCheck,
    InstrumentChecked,
    ScaleCheck,
    ScaleLoad,
    SpringScaleCheck,
    VerificationCheck,
)
from shared.contracts.vocabulary import Product, ProductGroup

_DISPENSER_RISK, _SCALE_RISK, _LAPSED_RISK = 0.04, 0.08, 0.05
_SMALL_VOLUMES = 0.2  # of the checks: the last run is one litre, where twice the error is permitted
_PLATFORM_SCALES = 0.25  # of the scales at markets
_LAPSED_DISPENSERS = 0.3  # of the dispensers in breach: the mark is too old rather than the error too large
_MARKETS = Sites("MARKET", "Chợ mẫu", 0.25)
_OWNERS = Sites("OWNER", "Đơn vị sử dụng phương tiện đo mẫu", 0.3)

_DISPENSER = Product(group=ProductGroup.FUEL_DISPENSER, name="Cột đo xăng dầu")
_SPRING_SCALE = Product(group=ProductGroup.SCALE, name="Cân đồng hồ lò xo")
_PLATFORM_SCALE = Product(group=ProductGroup.SCALE, name="Cân bàn")
_VERIFICATION = VerificationCheck()
_KEPT = tuple(Decimal(hundredths) / 100 for hundredths in range(-22, 43))  # percent; the limit is 0.45
_LITRES, _MINIMUM = [Decimal(20), Decimal(5), Decimal(1)], Decimal("0.5")
_BROKEN = tuple(Decimal(hundredths) / 100 for hundredths in range(48, 171))


def _verified(rng: Random, at: datetime, months: int, *, lapsed: bool) -> date | None:
    """Return the day of the last verification of an instrument that is due every ``months``; none for a missing mark."""
    if not lapsed:
        return at.date() - timedelta(days=int(rng.random() * (months * 30 - 5)))
    if rng.random() < 0.15:  # noqa: PLR2004
        return None
    return at.date() - timedelta(days=months * 31 + 3 + int(rng.random() * 400))


def _once_verified(at: datetime, *, is_verified: bool) -> date | None:
    """Return when an instrument that is verified only before its first use was; nothing where it was not."""
    return date(at.year - 3, 5, 12) if is_verified else None


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
        litres = _LITRES if rng.random() < _SMALL_VOLUMES else []
        if litres:
            errors[-1] *= 2
        return InstrumentChecked(
            observed_at=at,
            instrument_id=instrument_id,
            instrument_type="fuel_dispenser",
            site=site,
            product=_DISPENSER,
            finding=DispenserCheck(errors_percent=errors, litres=litres, minimum_litres=_MINIMUM if litres else None),
            verified_on=_verified(rng, at, 12, lapsed=lapsed),
        )

    return Subject(_DISPENSER_RISK * factor, look)


class _Scales(NamedTuple):
    """A kind of scale, how long its verification lasts, and the checks that it passes and fails."""

    instrument_type: str
    product: Product
    months: int
    good: tuple[SpringScaleCheck | ScaleCheck, ...]
    bad: tuple[SpringScaleCheck | ScaleCheck, ...]


def _loads(division: Decimal, at: tuple[int, ...], divisions: tuple[str, ...]) -> list[ScaleLoad]:
    """Return loads in divisions and what the scale showed too much at each, in divisions too."""
    pairs = zip(at, divisions, strict=False)
    return [ScaleLoad(load_g=load * division, shortage_g=division * Decimal(shortage)) for load, shortage in pairs]


def _spring_scales(division: int) -> _Scales:
    """TT 09/2017: 1, 2 or 3 divisions by the load."""
    d = Decimal(division)

    def check(*divisions: str) -> SpringScaleCheck:
        return SpringScaleCheck(division_g=d, loads=_loads(d, (30, 100, 210), divisions))

    good = (check("0", "0", "0"), check("0", "0.5", "1"), check("0.5", "1", "2"), check("1", "1.5", "2.5"), check("0", "1"))
    bad = (check("1.5", "3", "5"), check("1", "2.5", "4"), check("2", "4", "6.5"), check("0.5", "3"))
    return _Scales("spring_scale", _SPRING_SCALE, 24, good, bad)


def _platform_scales(interval: int) -> _Scales:
    """Class III of OIML R 76 in use: 1, 2 or 3 intervals by the load."""
    e = Decimal(interval)

    def check(*intervals: str) -> ScaleCheck:
        return ScaleCheck(accuracy_class="III", interval_g=e, loads=_loads(e, (400, 1500, 2800), intervals))

    good = (check("0", "0", "0"), check("0.5", "1", "1.5"), check("1", "2", "2.5"), check("0", "1"))
    bad = (check("1.5", "2.5", "4"), check("0.5", "3", "3.5"), check("2", "3"))
    return _Scales("platform_scale", _PLATFORM_SCALE, 12, good, bad)


_SPRING = tuple(_spring_scales(division) for division in (5, 10, 20, 20, 50, 50, 200))
_PLATFORM = tuple(_platform_scales(interval) for interval in (5, 10, 20))


def _scale(rng: Random) -> Subject:
    site, factor = _MARKETS.pick(rng)
    kinds = _PLATFORM if rng.random() < _PLATFORM_SCALES else _SPRING
    instrument_type, product, months, good, bad = kinds[int(rng.random() * len(kinds))]
    instrument_id = f"{site.id}-{'B' if kinds is _PLATFORM else 'S'}{1 + int(rng.random() * 40)}"

    def look(rng: Random, at: datetime, _number: str, conforms: bool) -> InstrumentChecked:
        checks = good if conforms else bad
        return InstrumentChecked(
            observed_at=at,
            instrument_id=instrument_id,
            instrument_type=instrument_type,
            site=site,
            product=product,
            finding=checks[int(rng.random() * len(checks))],
            verified_on=_verified(rng, at, months, lapsed=False),
        )

    return Subject(_SCALE_RISK * factor, look)


# Half of the instruments are of the kinds everybody meets, the others of the whole group-2 list.
_COMMON = {
    "electricity_meter_1_phase_electronic": Product(group=ProductGroup.ELECTRICITY_METER, name="Công tơ điện 1 pha"),
    "electricity_meter_3_phase_electronic": Product(group=ProductGroup.ELECTRICITY_METER, name="Công tơ điện 3 pha"),
    "cold_water_meter_mechanical": Product(group=ProductGroup.WATER_METER, name="Đồng hồ đo nước lạnh"),
    "lpg_dispenser": Product(group=ProductGroup.LPG, name="Cột đo khí dầu mỏ hóa lỏng"),
    "truck_scale": Product(group=ProductGroup.SCALE, name="Cân ô tô"),
    "taximeter": Product(group=ProductGroup.OTHER_INSTRUMENT, name="Taximet"),
    "sphygmomanometer": Product(group=ProductGroup.OTHER_INSTRUMENT, name="Huyết áp kế"),
}
_LISTED = {
    name: _COMMON.get(name, Product(group=ProductGroup.OTHER_INSTRUMENT, name=one.vi))
    for name, one in GROUP_2.items()
    if name not in ("fuel_dispenser", "spring_scale", "platform_scale")  # these are tried, not only looked at
}
_KINDS = (tuple(_LISTED.items()), tuple(_COMMON.items()))


def _mark(rng: Random) -> Subject:
    site, factor = _OWNERS.pick(rng)
    kinds = _KINDS[rng.random() < 0.5]  # noqa: PLR2004
    instrument_type, product = kinds[int(rng.random() * len(kinds))]
    months = GROUP_2[instrument_type].months
    instrument_id = f"{site.id}-{instrument_type}-{1 + int(rng.random() * 20)}"

    def look(rng: Random, at: datetime, _number: str, conforms: bool) -> InstrumentChecked:
        return InstrumentChecked(
            observed_at=at,
            instrument_id=instrument_id,
            instrument_type=instrument_type,
            site=site,
            product=product,
            finding=_VERIFICATION,
            verified_on=_verified(rng, at, months, lapsed=not conforms) if months else _once_verified(at, is_verified=conforms),
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
    Stream("SCALE", 0.09, _scale, Season((1.2, 0.8, 0.9, 1.0, 1.0, 0.9, 0.9, 1.0, 1.0, 1.0, 1.2, 1.3), tet=1.6), was=0.95),
    Stream("MARK", 0.1, _mark, Season((0.8, 0.7, 1.1, 1.2, 1.2, 1.1, 1.0, 1.0, 1.0, 1.1, 1.1, 0.9)), was=0.9, was_risk=0.9),
)
