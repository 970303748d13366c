"""Electrical appliances are held against limits of shock and of radio disturbance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.model.findings import Verdict
from services.inspection.rules.appliance_disturbance_within_limit import Band
from shared.contracts.partners import Appliance, ApplianceKind, Disturbance, EmissionReading, Emissions, Toy
from shared.contracts.vocabulary import Measurement, Outcome, ProductGroup
from tests.unit.inspection.checks import DAY, outcome, results, sampled

C, N, OPEN = Outcome.CONFORMING, Outcome.NONCONFORMING, Outcome.INCONCLUSIVE
SHOCK, DISTURBS = "appliance_meets_qcvn_4", "appliance_disturbance_within_limit"
KETTLE, FAN, HEATER = ApplianceKind.KETTLE, ApplianceKind.FAN, ApplianceKind.STORAGE_WATER_HEATER
OF_2010 = {
    ApplianceKind.INSTANTANEOUS_WATER_HEATER,
    ApplianceKind.STORAGE_WATER_HEATER,
    ApplianceKind.HAIR_DRYER,
    ApplianceKind.KETTLE,
    ApplianceKind.RICE_COOKER,
    ApplianceKind.FAN,
}


def shock(appliance: Appliance, on: date = DAY) -> Outcome | None:
    """Judge an appliance by what was measured."""
    return outcome(sampled(appliance, ProductGroup.ELECTRICAL, SHOCK, on=on))


def leaking(
    milliamperes: str, protection: str = "I", kind: ApplianceKind = KETTLE, watts: int = 0, *, stationary: bool = False
) -> Outcome | None:
    """Judge the leakage current of an appliance."""
    appliance = Appliance(
        appliance=kind,
        protection_class=protection,
        results=results(leakage_current=milliamperes),
        stationary=stationary,
        rated_watts=Decimal(watts) if watts else None,
    )
    return shock(appliance)


@pytest.mark.parametrize(("protection", "limit"), [("0", "0.5"), ("0I", "0.5"), ("I", "0.75"), ("II", "0.25"), ("III", "0.5")])
def test_an_appliance_may_leak_as_much_as_its_class_lets_it(protection: str, limit: str) -> None:
    """The limit itself is permitted, whatever the unit."""
    assert leaking(limit, protection) is C
    assert leaking(f"{limit}1", protection) is N
    microamperes = Measurement(parameter="leakage_current", value=Decimal(limit) * 1000, unit="uA")
    assert shock(Appliance(appliance=KETTLE, protection_class=protection, results=[microamperes])) is C


@pytest.mark.parametrize(
    ("kind", "watts", "stationary", "limit"),
    [
        (HEATER, 2500, False, "0.75"),
        (HEATER, 0, True, "0.75"),
        (HEATER, 800, True, "0.75"),
        (HEATER, 2500, True, "1.875"),
        (HEATER, 6000, True, "4.5"),
        (HEATER, 6667, True, "5"),
        (HEATER, 9000, True, "5"),
        (FAN, 60, False, "0.75"),
        (FAN, 60, True, "3.5"),
        (ApplianceKind.HAND_DRYER, 6000, True, "4.5"),
    ],
)
def test_what_is_fixed_may_leak_by_its_power_or_its_motor(kind: ApplianceKind, watts: int, stationary: bool, limit: str) -> None:
    """0.75 mA for each kW up to 5 mA; 3.5 mA with a motor. Class II has one limit for all."""
    assert leaking(limit, kind=kind, watts=watts, stationary=stationary) is C
    assert leaking(f"{Decimal(limit) + Decimal('0.001')}", kind=kind, watts=watts, stationary=stationary) is N
    assert leaking("0.26", "II", kind, watts, stationary=stationary) is N


@pytest.mark.parametrize(("protection", "volts"), [("0", 1000), ("0I", 1000), ("I", 1000), ("II", 3000), ("III", 500)])
def test_insulation_withstands_the_voltage_of_its_class(protection: str, volts: int) -> None:
    """Less than that is a failure; the remembered limits say so in the verdict."""
    for value, expected in ((str(volts), C), (f"{volts - 1}", N)):
        appliance = Appliance(
            appliance=KETTLE,
            protection_class=protection,
            results=results(withstand_voltage=value),
        )
        verdict = sampled(appliance, ProductGroup.ELECTRICAL, SHOCK)
        assert outcome(verdict) is expected
        assert verdict is not None
        assert not verdict.rule.verified


def test_the_earth_connection_counts_where_there_is_one() -> None:
    """0.1 Ω for classes I and 0I; for class II a measured one says nothing."""
    for protection, ohms, expected in (("I", "0.1", C), ("I", "0.101", N), ("0I", "0.101", N), ("II", "5", OPEN)):
        appliance = Appliance(
            appliance=KETTLE,
            protection_class=protection,
            results=results(earth_resistance=ohms),
        )
        assert shock(appliance) is expected


@pytest.mark.parametrize("kind", list(ApplianceKind))
def test_six_kinds_are_on_the_list_from_june_2010_and_all_thirteen_from_2011(kind: ApplianceKind) -> None:
    """TT 21/2009/TT-BKHCN day by day; a cable is on the list, but its limits are those of another standard."""
    appliance = Appliance(appliance=kind, protection_class="II", results=results(leakage_current="9"))
    first, later = (N if kind in OF_2010 else None), (OPEN if kind is ApplianceKind.PVC_CABLE else N)
    days = (date(2010, 5, 31), date(2010, 6, 1), date(2010, 12, 31), date(2011, 1, 1))
    assert [shock(appliance, day) for day in days] == [None, first, first, later]


def emitted(*readings: tuple[Disturbance, str, str], on: date = DAY) -> Verdict | None:
    """Judge levels: what was disturbed, the frequency in MHz, the level in dB."""
    finding = Emissions(
        readings=[
            EmissionReading(disturbance=one, frequency_mhz=Decimal(frequency), level_db=Decimal(level))
            for one, frequency, level in readings
        ]
    )
    return sampled(finding, ProductGroup.ELECTRICAL, DISTURBS, on=on)


@pytest.mark.parametrize(
    ("disturbance", "frequency", "limit"),
    [
        (Disturbance.VOLTAGE, "0.15", "66"),
        (Disturbance.VOLTAGE, "0.5", "56"),
        (Disturbance.VOLTAGE, "0.500001", "56"),
        (Disturbance.VOLTAGE, "5", "56"),
        (Disturbance.VOLTAGE, "5.000001", "60"),
        (Disturbance.VOLTAGE, "30", "60"),
        (Disturbance.POWER, "30", "45"),
        (Disturbance.POWER, "165", "50"),
        (Disturbance.POWER, "300", "55"),
    ],
)
def test_a_level_may_reach_its_limit_and_no_more(disturbance: Disturbance, frequency: str, limit: str) -> None:
    """Where two bands meet the lower limit applies."""
    assert outcome(emitted((disturbance, frequency, limit))) is C
    refused = emitted((disturbance, frequency, f"{limit}.000000000001"))
    assert refused is not None
    assert refused.outcome is N
    assert [(one.parameter, one.limit) for one in refused.breaches] == [(f"disturbance_{disturbance}", Decimal(limit))]


def test_between_150_and_500_khz_the_limit_falls_with_the_logarithm_of_the_frequency() -> None:
    """At the geometric mean of both, 274 kHz, it is half way down: 61 dB(µV)."""
    middle = "0.273861278752"  # just below the root of 0.15 · 0.5
    assert outcome(emitted((Disturbance.VOLTAGE, middle, "61"))) is C
    assert outcome(emitted((Disturbance.VOLTAGE, middle, "61.0001"))) is N


@given(st.decimals("0.15", "0.5", places=6), st.decimals("0.15", "0.5", places=6))
def test_a_falling_limit_never_rises(one: Decimal, other: Decimal) -> None:
    """It stays between its ends, and a higher frequency never permits more."""
    band = Band(Decimal("0.15"), Decimal("0.5"), Decimal(66), Decimal(56), by_logarithm=True)
    lower, higher = sorted((one, other))
    assert Decimal(66) >= band.at(lower) >= band.at(higher) >= Decimal(56)


def test_one_loud_frequency_condemns_and_what_has_no_limit_says_nothing() -> None:
    """A hundred quiet frequencies do not save the appliance; beyond the bands nothing is judged."""
    assert outcome(emitted((Disturbance.VOLTAGE, "1", "40"), (Disturbance.VOLTAGE, "2", "57"))) is N
    assert outcome(emitted((Disturbance.VOLTAGE, "0.149", "99"), (Disturbance.POWER, "300.1", "99"))) is OPEN
    toy = Toy(for_under_3_years=False, mouthable=False, results=results(supply_voltage="12"))
    assert sampled(toy, ProductGroup.TOY, DISTURBS) is None
    assert sampled(toy, ProductGroup.TOY, SHOCK) is None


def test_the_remembered_day_of_the_regulation_is_shown_as_such() -> None:
    """From 1 June 2013, and not verified."""
    loud = (Disturbance.VOLTAGE, "1", "57")
    assert emitted(loud, on=date(2013, 5, 31)) is None
    verdict = emitted(loud, on=date(2013, 6, 1))
    assert outcome(verdict) is N
    assert verdict is not None
    assert not verdict.rule.verified
