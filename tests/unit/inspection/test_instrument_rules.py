"""Dispensers, spring scales and verification marks are judged by the numbers of their circulars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.model.findings import Verdict
from services.inspection.rules import rulebook
from services.inspection.rules.verification_is_valid import last_valid_day
from services.inspection.rules.verification_is_valid.group_2_instruments import GROUP_2
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import (
    DispenserCheck,
    InstrumentChecked,
    ScaleLoad,
    SpringScaleCheck,
    VerificationCheck,
)
from shared.contracts.vocabulary import Breach, Outcome, Product, ProductGroup, Site
from tests.unit.inspection.checks import DAY, check


def dispenser(*errors: str, on: date = DAY) -> Verdict | None:
    """Judge the errors of a dispenser."""
    return check(DispenserCheck(errors_percent=[Decimal(error) for error in errors]), ViolationKind.DISPENSER_ERROR, on=on)


def scale(division: str, *loads: tuple[str, str], on: date = DAY) -> Verdict | None:
    """Judge a spring scale by its division and pairs of load and shortage, all in grams."""
    tried = [ScaleLoad(load_g=Decimal(load), shortage_g=Decimal(shortage)) for load, shortage in loads]
    finding = SpringScaleCheck(division_g=Decimal(division), loads=tried)
    return check(finding, ViolationKind.SCALE_ERROR, on=on, instrument_type="spring_scale")


def verification(instrument_type: str, verified_on: date | None, on: date = DAY) -> Verdict | None:
    """Judge the verification of an instrument."""
    kind = ViolationKind.VERIFICATION_LAPSED
    return check(VerificationCheck(), kind, on=on, instrument_type=instrument_type, verified_on=verified_on)


@pytest.mark.parametrize(
    ("on", "limit"),
    [
        (date(2011, 1, 1), "0.75"),
        (date(2013, 8, 18), "0.75"),
        (date(2013, 8, 19), "0.45"),
        (date(2016, 3, 31), "0.45"),
        (date(2016, 4, 1), "0.45"),
        (DAY, "0.45"),
    ],
)
def test_a_dispenser_may_err_by_one_and_a_half_times_the_mpe_of_the_day(on: date, limit: str) -> None:
    """0.5 % until ĐLVN 10:2013 took effect, 0.3 % since; the same on both sides of zero."""
    for sign in ("", "-"):
        permitted = dispenser(f"{sign}{limit}", on=on)
        refused = dispenser(f"{sign}{limit}1", on=on)
        assert permitted is not None
        assert permitted.outcome is Outcome.CONFORMING
        assert refused is not None
        assert refused.outcome is Outcome.NONCONFORMING
        assert refused.breaches == [
            Breach(parameter="dispenser_error", measured=Decimal(f"{sign}{limit}1"), limit=Decimal(f"{sign}{limit}"), unit="%")
        ]


def test_a_dispenser_before_any_version_is_not_judged() -> None:
    """No law of the day, no verdict."""
    assert dispenser("9", on=date(2010, 12, 31)) is None


def test_the_worst_of_several_runs_counts() -> None:
    """One run beyond the limit condemns the dispenser; a good average does not save it."""
    verdict = dispenser("0.1", "0.46", "-0.2")
    assert verdict is not None
    assert [breach.measured for breach in verdict.breaches] == [Decimal("0.46")]


def test_what_was_not_confirmed_in_the_legal_text_says_so() -> None:
    """The dispenser's MPE is an unverified parameter, the spring scale's table is not."""
    errors, shortage = dispenser("0"), scale("20", ("1000", "0"))
    assert errors is not None
    assert shortage is not None
    assert (errors.rule.verified, shortage.rule.verified) == (False, True)


@pytest.mark.parametrize(
    ("division", "load", "permitted"),
    [
        ("20", "1000", "20"),  # the three examples of the circular
        ("50", "7000", "100"),
        ("200", "50000", "600"),
        ("20", "400", "20"),  # 20 d
        ("20", "1000.1", "40"),  # just above 50 d
        ("20", "4000", "40"),  # 200 d
        ("20", "4000.1", "60"),
        ("2", "40", "2"),
        ("2.5", "500", "5.0"),
    ],
)
def test_a_spring_scale_may_be_short_by_one_to_three_divisions(division: str, load: str, permitted: str) -> None:
    """The permitted shortage itself is permitted, anything more is not."""
    kept = scale(division, (load, permitted))
    broken = scale(division, (load, str(Decimal(permitted) + Decimal("0.01"))))
    assert kept is not None
    assert kept.outcome is Outcome.CONFORMING
    assert broken is not None
    assert broken.outcome is Outcome.NONCONFORMING
    assert broken.breaches[0].limit == Decimal(permitted)


def test_a_load_under_twenty_divisions_says_nothing_of_the_scale() -> None:
    """Alone it is inconclusive, however short; beside a load that counts it is left out."""
    alone, beside = scale("20", ("399.9", "300")), scale("20", ("399.9", "300"), ("1000", "20"))
    assert alone is not None
    assert alone.outcome is Outcome.INCONCLUSIVE
    assert beside is not None
    assert beside.outcome is Outcome.CONFORMING


@pytest.mark.parametrize(("on", "judged"), [(date(2017, 8, 14), False), (date(2017, 8, 15), True)])
def test_spring_scales_are_judged_from_the_day_of_their_circular(on: date, *, judged: bool) -> None:
    """TT 09/2017 took effect on 15 August 2017."""
    assert (scale("20", ("1000", "900"), on=on) is not None) is judged


@given(
    division=st.decimals("0.1", 1000, places=1),
    loads=st.tuples(st.integers(20, 1000), st.integers(20, 1000)).map(sorted),
    divisions=st.decimals(0, 4, places=2),
)
def test_a_heavier_load_never_permits_less(division: Decimal, loads: list[int], divisions: Decimal) -> None:
    """What is permitted at a load is permitted at every heavier one, and the rule knows only multiples of d."""
    light, heavy = (scale(str(division), (str(load * division), str(divisions * division))) for load in loads)
    in_grams = scale("1", (str(loads[0]), str(divisions)))
    assert light is not None
    assert heavy is not None
    assert in_grams is not None
    assert light.outcome is in_grams.outcome
    if light.outcome is Outcome.CONFORMING:
        assert heavy.outcome is Outcome.CONFORMING


@pytest.mark.parametrize(
    ("verified_on", "months", "last"),
    [
        (date(2024, 9, 2), 12, date(2025, 9, 2)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 15), 12, date(2025, 12, 15)),
        (date(2024, 1, 31), 18, date(2025, 7, 31)),
    ],
)
def test_a_period_ends_on_the_same_day_of_its_last_month(verified_on: date, months: int, last: date) -> None:
    """Where the month has no such day, on its last one."""
    assert last_valid_day(verified_on, months) == last


@pytest.mark.parametrize("instrument_type", [name for name, one in GROUP_2.items() if one.months])
def test_each_instrument_lapses_the_day_after_its_period(instrument_type: str) -> None:
    """The last day still counts."""
    months = GROUP_2[instrument_type].months
    assert months is not None
    verified_on = date(2020, 1, 31)
    last = last_valid_day(verified_on, months)
    valid, lapsed = (verification(instrument_type, verified_on, day) for day in (last, last + timedelta(days=1)))
    assert valid is not None
    assert valid.outcome is Outcome.CONFORMING
    assert lapsed is not None
    assert lapsed.outcome is Outcome.NONCONFORMING
    (breach,) = lapsed.breaches
    assert (breach.parameter, breach.unit, breach.measured - breach.limit) == ("verification_age", "d", Decimal(1))


def test_the_list_has_all_68_items() -> None:
    """A few periods of the circular, and no item missing."""
    assert {one.item for one in GROUP_2.values()} == set(range(1, 69))
    periods = {
        "fuel_dispenser": 12,
        "taximeter": 18,
        "spring_scale": 24,
        "clinical_electronic_contact_thermometer": 6,
        "electricity_meter_1_phase_induction": 60,
        "electricity_meter_1_phase_electronic": 72,
        "electricity_meter_3_phase_induction": 48,
        "cold_water_meter_electronic": 36,
        "tape_measure": None,
    }
    assert {name: GROUP_2[name].months for name in periods} == periods
    assert all(name.isascii() and name == name.lower() and name.isidentifier() for name in GROUP_2)


@pytest.mark.parametrize(
    ("instrument_type", "verified_on", "expected"),
    [
        ("fuel_dispenser", None, Outcome.NONCONFORMING),
        ("tape_measure", None, Outcome.NONCONFORMING),
        ("tape_measure", date(1995, 1, 1), Outcome.CONFORMING),
        ("fuel_dispenser", DAY, Outcome.CONFORMING),
        ("fuel_dispenser", DAY + timedelta(days=1), Outcome.INCONCLUSIVE),
    ],
)
def test_marks_that_are_missing_endless_or_from_the_future(
    instrument_type: str, verified_on: date | None, expected: Outcome
) -> None:
    """No mark is a violation; an initial verification without a period lasts; a later verification proves nothing."""
    verdict = verification(instrument_type, verified_on)
    assert verdict is not None
    assert verdict.outcome is expected


def test_an_instrument_that_is_not_on_the_list_needs_no_verification() -> None:
    """A kitchen scale at home is nobody's business."""
    assert verification("kitchen_scale", None) is None


@pytest.mark.parametrize(("on", "judged"), [(date(2019, 12, 31), False), (date(2020, 1, 1), True)])
def test_verifications_are_judged_from_the_day_of_the_amended_list(on: date, *, judged: bool) -> None:
    """TT 07/2019 took effect on 1 January 2020."""
    assert (verification("fuel_dispenser", date(2015, 1, 1), on) is not None) is judged


@given(verified_on=st.dates(date(2000, 1, 1), date(2099, 1, 1)), months=st.integers(1, 120))
def test_a_longer_period_never_ends_earlier(verified_on: date, months: int) -> None:
    """The end of the period is monotone in its length and in its start."""
    assert last_valid_day(verified_on, months) < last_valid_day(verified_on, months + 1)
    assert last_valid_day(verified_on, months) <= last_valid_day(verified_on + timedelta(days=1), months)


def test_the_legal_day_of_a_check_is_the_one_in_viet_nam() -> None:
    """A check at 17:30 UTC on the last valid day is one day late in Hà Nội."""
    data = InstrumentChecked(
        observed_at=datetime(2025, 9, 2, 17, 30, tzinfo=UTC),
        instrument_id="SAMPLE-1",
        instrument_type="fuel_dispenser",
        site=Site(id="SAMPLE-SITE", name="Cửa hàng mẫu", province="46"),
        product=Product(group=ProductGroup.FUEL_DISPENSER, name="Cột đo xăng dầu"),
        finding=VerificationCheck(),
        verified_on=date(2024, 9, 2),
    )
    assert [verdict.outcome for verdict in rulebook().verdicts(data)] == [Outcome.NONCONFORMING]
