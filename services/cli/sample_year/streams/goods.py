"""Goods in laboratories: helmets, toys and electrical appliances, bought in shops or sampled at customs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import NamedTuple

from services.cli.sample_year.season import Season
from services.cli.sample_year.streams.conformity import ELECTRICAL, HELMETS, IMPORTERS, SHOPS, TOYS
from services.cli.sample_year.subject import Stream, Subject
from shared.contracts.partners import (
    Appliance,
    ApplianceKind,
    Certificate,
    Disturbance,
    EmissionReading,
    Emissions,
    Helmet,
    SampleTested,
    Toy,
)
from shared.contracts.partners.laboratory import Finding
from shared.contracts.vocabulary import Measurement, Product, Setting
from shared.kernel.quantities import UNITS

_RISK = 0.055
_AT_CUSTOMS = 0.2
_LABORATORIES = tuple(f"Phòng thử nghiệm mẫu {number}" for number in (4, 5))


def _results(**values: str) -> list[Measurement]:
    return [Measurement(parameter=one, value=Decimal(value), unit=UNITS[one]) for one, value in values.items()]


class _Tests(NamedTuple):
    """What is tested, and the findings that pass and fail."""

    products: tuple[Product, ...]
    good: tuple[Finding, ...]
    bad: tuple[Finding, ...]


def _helmet(peak: int, over_2_ms: int, strap: int) -> Helmet:
    results = _results(
        peak_acceleration=str(peak),
        acceleration_over_2_ms=str(over_2_ms),
        acceleration_over_4_ms="120",
        penetration_contacts="0",
        strap_displacement=str(strap),
    )
    # Certified when the edition of 2021 could be followed already.
    certificate = Certificate(regulation="QCVN 2:2021/BKHCN", certified_on=date(2023, 9, 12))
    return Helmet(circumference_mm=540, results=results, certificate=certificate)


def _toy(dehp: str, formaldehyde: str, lead: str) -> Toy:
    results = _results(dehp=dehp, dbp="0.01", formaldehyde_in_textile=formaldehyde, lead_migration=lead, cadmium_migration="4")
    return Toy(for_under_3_years=True, mouthable=True, results=results)


def _appliance(kind: ApplianceKind, leakage: str, earth: str, withstand: str = "1250") -> Appliance:
    results = _results(leakage_current=leakage, earth_resistance=earth, withstand_voltage=withstand)
    return Appliance(appliance=kind, protection_class="I", results=results)


def _emissions(*levels: str) -> Emissions:
    readings = [
        EmissionReading(
            disturbance=Disturbance.VOLTAGE if index < 2 else Disturbance.POWER,  # noqa: PLR2004 - two on the mains, one beyond
            frequency_mhz=Decimal(frequency),
            level_db=Decimal(level),
        )
        for index, (frequency, level) in enumerate(zip(("0.21", "4.2", "92"), levels, strict=True))
    ]
    return Emissions(readings=readings)


def _named(word: str) -> tuple[Product, ...]:
    return tuple(product for product in ELECTRICAL if product.name.startswith(word))


_TESTS = (
    _Tests(
        HELMETS,
        (_helmet(214, 151, 12), _helmet(262, 178, 18), _helmet(288, 192, 21)),
        (_helmet(341, 214, 18), _helmet(309, 196, 22), _helmet(271, 180, 34)),
    ),
    _Tests(
        TOYS,
        (_toy("0.01", "12", "8"), _toy("0.04", "19", "31"), _toy("0.08", "24", "55")),
        (_toy("0.62", "19", "31"), _toy("0.02", "48", "12"), _toy("0.03", "17", "210")),
    ),
    *(
        _Tests(
            _named(word),
            (_appliance(kind, "0.12", "0.04"), _appliance(kind, "0.38", "0.07"), _appliance(kind, "0.61", "0.09")),
            (_appliance(kind, "1.4", "0.08"), _appliance(kind, "0.4", "0.35"), _appliance(kind, "0.5", "0.06", "750")),
        )
        for word, kind in (("Ấm", ApplianceKind.KETTLE), ("Nồi", ApplianceKind.RICE_COOKER))
    ),
    _Tests(
        _named("Quạt"),
        (_emissions("48", "41", "33"), _emissions("55", "46", "38"), _emissions("59", "51", "44")),
        (_emissions("66", "51", "41"), _emissions("52", "60", "39"), _emissions("54", "48", "52")),
    ),
)


def _draw(rng: Random) -> Subject:
    is_at_customs = rng.random() < _AT_CUSTOMS
    site, factor = (IMPORTERS if is_at_customs else SHOPS).pick(rng)
    products, good, bad = _TESTS[int(rng.random() * len(_TESTS))]
    product = products[int(rng.random() * len(products))]

    def look(rng: Random, at: datetime, number: str, conforms: bool) -> SampleTested:
        findings = good if conforms else bad
        return SampleTested(
            observed_at=at,
            sample_id=number,
            site=site,
            product=product,
            finding=findings[int(rng.random() * len(findings))],
            laboratory=_LABORATORIES[int(rng.random() * len(_LABORATORIES))],
            setting=Setting.IMPORT if is_at_customs else Setting.MARKET,
        )

    return Subject(_RISK * factor, look)


STREAMS = (
    Stream(
        "GOODS",
        0.06,
        _draw,
        Season((0.9, 0.7, 1.0, 1.0, 1.2, 1.1, 1.0, 1.3, 1.2, 1.0, 0.9, 0.9)),
        was=0.85,
        was_risk=1.1,
    ),
)
