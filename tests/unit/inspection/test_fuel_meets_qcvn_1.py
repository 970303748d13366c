"""Petrol and diesel are held against QCVN 1:2022/BKHCN, limit by limit and level by level."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.model.findings import Verdict
from services.inspection.rules import rulebook
from shared.contracts.partners import Fuel, SampleTested
from shared.contracts.vocabulary import Breach, Measurement, Outcome, Product, ProductGroup, Site
from shared.kernel.quantities import UNITS

STEP = Decimal("0.001")
LEVELS = (2, 3, 4, 5)
Row = tuple[str | None, str | None, str | None, str | None]
AT_MOST: dict[ProductGroup, dict[str, Row]] = {
    ProductGroup.PETROL: {
        "lead": ("0.005", "0.005", "0.005", "0.005"),
        "t10": ("70", "70", "70", "70"),
        "t50": ("120", "120", "120", "120"),
        "t90": ("190", "190", "190", "190"),
        "final_boiling_point": ("215", "210", "210", "210"),
        "residue": ("2.0", "2.0", "2.0", "2.0"),
        "washed_gum": ("5", "5", "5", "5"),
        "sulfur": ("500", "150", "50", "10"),
        "benzene": ("2.5", "2.5", "1.0", "1.0"),
        "aromatics": ("40", "40", "40", "35"),
        "olefins": ("38", "30", "30", None),
        "oxygen": ("2.7", "2.7", "2.7", "2.7"),
        "iron_and_manganese": ("5", "5", "5", "5"),
    },
    ProductGroup.DIESEL: {
        "sulfur": ("500", "350", "50", "10"),
        "t90": ("360", "360", "360", None),
        "t95": (None, None, None, "360"),
        "viscosity_40c": ("4.5", "4.5", "4.5", "4.5"),
        "water": ("200", "200", "200", "200"),
        "polycyclic_aromatics": (None, "11", "11", "11"),
        "particles": ("10", "10", "10", "10"),
        "pour_point": ("12", "12", "12", "12"),
    },
}
AT_LEAST: dict[ProductGroup, dict[str, Row]] = {
    ProductGroup.PETROL: {"ron": ("90", "92", "92", "92")},
    ProductGroup.DIESEL: {
        "cetane_number": ("46", "48", "50", "50"),
        "cetane_index": ("46", "46", "46", "46"),
        "flash_point": ("55", "55", "55", "55"),
        "viscosity_40c": ("2.0", "2.0", "2.0", "2.0"),
    },
}
LIMITS = [
    (group, level, parameter, Decimal(limit), step)
    for table, step in ((AT_MOST, STEP), (AT_LEAST, -STEP))
    for group, rows in table.items()
    for parameter, row in rows.items()
    for level, limit in zip(LEVELS, row, strict=True)
    if limit is not None
]


def verdicts(
    group: ProductGroup,
    level: int,
    results: dict[str, Decimal],
    name: str = "Mẫu",
    observed_at: datetime = datetime(2025, 3, 14, 2, 30, tzinfo=UTC),
    season: Literal["summer", "winter"] = "summer",
) -> list[Verdict]:
    """Judge one sample by all rules."""
    sample = SampleTested(
        observed_at=observed_at,
        sample_id="SAMPLE-1",
        site=Site(id="SAMPLE-SITE", name="Cửa hàng mẫu", province="46"),
        product=Product(group=group, name=name),
        finding=Fuel(
            level=level,
            results=[Measurement(parameter=one, value=value, unit=UNITS[one]) for one, value in results.items()],
            season=season,
        ),
        laboratory="Phòng thử nghiệm mẫu",
    )
    return rulebook().verdicts(sample)


def outcome(group: ProductGroup, level: int, results: dict[str, Decimal], name: str = "Mẫu") -> Outcome:
    """Return the outcome of the regulation's table for unblended fuel."""
    verdict = next(one for one in verdicts(group, level, results, name) if one.rule.name == "fuel_meets_qcvn_1")
    return verdict.outcome


@pytest.mark.parametrize(("group", "level", "parameter", "limit", "beyond"), LIMITS)
def test_each_limit_is_permitted_and_one_step_beyond_is_not(
    group: ProductGroup, level: int, parameter: str, limit: Decimal, beyond: Decimal
) -> None:
    """Every number of the table is felt on both of its sides, and a breach names it."""
    assert outcome(group, level, {parameter: limit}) is Outcome.CONFORMING
    assert outcome(group, level, {parameter: limit - beyond}) is Outcome.CONFORMING
    (verdict,) = verdicts(group, level, {parameter: limit + beyond})
    assert verdict.outcome is Outcome.NONCONFORMING
    assert verdict.breaches == [Breach(parameter=parameter, measured=limit + beyond, limit=limit, unit=UNITS[parameter])]


@pytest.mark.parametrize(
    ("group", "level", "parameter"),
    [
        (group, level, parameter)
        for group in AT_MOST
        for level in LEVELS
        for parameter in UNITS
        if not any((group, level, parameter) == one[:3] for one in LIMITS)
    ],
)
def test_a_parameter_without_a_limit_proves_nothing(group: ProductGroup, level: int, parameter: str) -> None:
    """Where the regulation sets no limit the sample is neither good nor bad."""
    assert outcome(group, level, {parameter: Decimal(100_000)}) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("name", "level", "grade"),
    [
        ("Xăng RON 95-III", 4, 95),
        ("Xăng ron92-II", 4, 92),
        ("Xăng E5 RON 92-II", 2, 92),
        ("Xăng RON 97-IV", 5, 97),
        ("Xăng RON 90", 2, 90),
        ("Xăng RON 90", 3, 92),
        ("Xăng không chì", 3, 92),
    ],
)
def test_petrol_has_the_octane_number_it_is_sold_as(name: str, level: int, grade: int) -> None:
    """The grade in the name is the limit; without one that the level knows, the lowest grade is."""
    assert outcome(ProductGroup.PETROL, level, {"ron": Decimal(grade)}, name) is Outcome.CONFORMING
    assert outcome(ProductGroup.PETROL, level, {"ron": grade - STEP}, name) is Outcome.NONCONFORMING


def test_the_oxygen_of_ethanol_blends_is_not_held_against_the_limit_of_plain_petrol() -> None:
    """E5 and E10 carry oxygen by nature."""
    assert outcome(ProductGroup.PETROL, 4, {"oxygen": Decimal("3.5")}, "Xăng E5 RON 92-II") is Outcome.INCONCLUSIVE
    assert outcome(ProductGroup.PETROL, 4, {"oxygen": Decimal("3.5")}, "Xăng RON 95-III") is Outcome.NONCONFORMING


@pytest.mark.parametrize(("season", "permitted"), [("summer", Decimal(12)), ("winter", Decimal(3))], ids=["summer", "winter"])
def test_diesel_stays_fluid_in_the_season_it_is_sold_for(season: Literal["summer", "winter"], permitted: Decimal) -> None:
    """+12 °C in summer, +3 °C in winter."""
    for value, expected in ((permitted, Outcome.CONFORMING), (permitted + STEP, Outcome.NONCONFORMING)):
        (verdict,) = verdicts(ProductGroup.DIESEL, 4, {"pour_point": value}, season=season)
        assert verdict.outcome is expected
    assert verdicts(ProductGroup.PETROL, 4, {"pour_point": Decimal(50)}, season=season)[0].outcome is Outcome.INCONCLUSIVE


def test_the_cetane_index_stands_in_only_where_the_number_was_not_measured() -> None:
    """The number decides, in both directions."""
    low, high = Decimal(40), Decimal(60)
    assert outcome(ProductGroup.DIESEL, 4, {"cetane_index": low}) is Outcome.NONCONFORMING
    assert outcome(ProductGroup.DIESEL, 4, {"cetane_index": low, "cetane_number": high}) is Outcome.CONFORMING
    assert outcome(ProductGroup.DIESEL, 4, {"cetane_index": high, "cetane_number": low}) is Outcome.NONCONFORMING


ETHANOL, OWN = "ethanol_petrol_holds_its_ethanol", "biofuel_blend_keeps_its_own_limits"


@pytest.mark.parametrize(
    ("rule", "group", "name", "parameter", "limit", "beyond"),
    [
        (ETHANOL, ProductGroup.PETROL, "Xăng E5 RON 92-II", "ethanol", "4", -STEP),
        (ETHANOL, ProductGroup.PETROL, "Xăng E5 RON 92-II", "ethanol", "5", STEP),
        (ETHANOL, ProductGroup.PETROL, "Xăng e10 RON 95-III", "ethanol", "9", -STEP),
        (ETHANOL, ProductGroup.PETROL, "Xăng e10 RON 95-III", "ethanol", "10", STEP),
        (OWN, ProductGroup.PETROL, "Xăng E5 RON 92-II", "oxygen", "3.7", STEP),
        (OWN, ProductGroup.PETROL, "Xăng E10 RON 95-III", "oxygen", "3.7", STEP),
        (OWN, ProductGroup.DIESEL, "Dầu điêzen B5 0,05S-II", "fatty_acid_methyl_esters", "4", -STEP),
        (OWN, ProductGroup.DIESEL, "Dầu điêzen B5 0,05S-II", "fatty_acid_methyl_esters", "5", STEP),
    ],
)
def test_a_blend_holds_what_its_name_says(
    rule: str, group: ProductGroup, name: str, parameter: str, limit: str, beyond: Decimal
) -> None:
    """Both ends of a range belong to it; what was remembered and not read says so."""
    for value, expected in ((Decimal(limit), Outcome.CONFORMING), (Decimal(limit) + beyond, Outcome.NONCONFORMING)):
        verdict = next(one for one in verdicts(group, 4, {parameter: value}, name) if one.rule.name == rule)
        assert verdict.outcome is expected
        assert verdict.rule.verified is (rule == ETHANOL)


@pytest.mark.parametrize("name", ["Xăng RON 95-III", "Xăng E50", "Dầu điêzen 0,05S-II"])
def test_fuel_that_is_not_sold_as_a_blend_is_not_judged_as_one(name: str) -> None:
    """Nor is a blend of which nothing was measured that is its own."""
    measured = {"ethanol": Decimal(99), "fatty_acid_methyl_esters": Decimal(99), "oxygen": Decimal(1)}
    for group in (ProductGroup.PETROL, ProductGroup.DIESEL):
        assert [one.rule.name for one in verdicts(group, 4, measured, name)] == ["fuel_meets_qcvn_1"]
    assert len(verdicts(ProductGroup.PETROL, 4, {"sulfur": Decimal(1)}, "Xăng E5 RON 92-II")) == 1


def test_a_breach_is_not_made_good_by_other_parameters() -> None:
    """One limit broken of many is enough, and only that one is named."""
    (verdict,) = verdicts(ProductGroup.PETROL, 4, {"lead": Decimal(0), "sulfur": Decimal(62), "benzene": Decimal("0.9")})
    assert [breach.parameter for breach in verdict.breaches] == ["sulfur"]


@pytest.mark.parametrize(
    ("observed_at", "judged"),
    [(datetime(2023, 6, 14, 16, 59, 59, tzinfo=UTC), False), (datetime(2023, 6, 14, 17, 0, tzinfo=UTC), True)],
)
def test_fuel_before_the_regulation_was_mandatory_is_not_judged(observed_at: datetime, *, judged: bool) -> None:
    """15 June 2023 begins at midnight in Hà Nội."""
    found = verdicts(ProductGroup.PETROL, 4, {"sulfur": Decimal(62)}, observed_at=observed_at)
    assert bool(found) is judged


def test_other_goods_are_not_judged() -> None:
    """LPG has a regulation of its own."""
    assert verdicts(ProductGroup.LPG, 4, {"sulfur": Decimal(62)}) == []


@given(
    level=st.sampled_from(LEVELS),
    sulfur=st.decimals(0, 1000, places=3),
    less=st.decimals(0, 1000, places=3),
    group=st.sampled_from([ProductGroup.PETROL, ProductGroup.DIESEL]),
)
def test_less_sulfur_and_a_lower_level_are_never_worse(level: int, sulfur: Decimal, less: Decimal, group: ProductGroup) -> None:
    """What conforms still conforms with less sulfur, and at every lower level."""
    if outcome(group, level, {"sulfur": sulfur}) is Outcome.CONFORMING:
        assert outcome(group, level, {"sulfur": min(sulfur, less)}) is Outcome.CONFORMING
        for lower in range(2, level):
            assert outcome(group, lower, {"sulfur": sulfur}) is Outcome.CONFORMING
