"""Toys are held against QCVN 3:2019/BKHCN by the age they are made for and whether they go into the mouth."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.inspection.model.findings import Verdict
from shared.contracts.partners import Helmet, Toy
from shared.contracts.vocabulary import Breach, Outcome, ProductGroup
from shared.kernel.quantities import UNITS
from tests.unit.inspection.checks import DAY, outcome, results, sampled

C, N = Outcome.CONFORMING, Outcome.NONCONFORMING
MEETS, RELEASES = "toy_meets_qcvn_3", "toy_releases_few_elements"
EVERY, UNDER_3, MOUTHABLE = (False, False), (True, False), (False, True)
AMINES = (
    "benzidine",
    "naphthylamine_2",
    "chloroaniline_4",
    "dichlorobenzidine_3_3",
    "dimethoxybenzidine_3_3",
    "dimethylbenzidine_3_3",
    "toluidine_o",
    "anisidine_o",
    "aniline",
)
LIMITS = [
    *[(one, "0.1", EVERY) for one in ("dehp", "dbp", "bbp")],
    *[(one, "0.1", MOUTHABLE) for one in ("dinp", "didp", "dnop")],
    *[(one, "5", EVERY) for one in AMINES],
    ("formaldehyde_in_textile", "30", UNDER_3),
    ("formaldehyde_in_paper", "30", UNDER_3),
    ("formaldehyde_in_glued_wood", "80", UNDER_3),
    ("liquid_ph", "10", EVERY),
    ("supply_voltage", "24", EVERY),
]
MIGRATION = {
    "antimony": 60,
    "arsenic": 25,
    "barium": 1000,
    "cadmium": 75,
    "chromium": 60,
    "lead": 90,
    "mercury": 60,
    "selenium": 500,
}


def toy(rule: str, such: tuple[bool, bool] = EVERY, on: date = DAY, **values: str) -> Verdict | None:
    """Judge a toy: whether it is for children under 3 years and mouthable, and what was measured."""
    under_3, mouthable = such
    finding = Toy(for_under_3_years=under_3, mouthable=mouthable, results=results(**values))
    return sampled(finding, ProductGroup.TOY, rule, on=on)


@pytest.mark.parametrize(("parameter", "limit", "such"), LIMITS)
def test_the_limit_is_permitted_and_a_little_more_is_not(parameter: str, limit: str, such: tuple[bool, bool]) -> None:
    """Every number of QCVN 3:2019/BKHCN 2.1.3, on both sides; these were checked in its text."""
    assert outcome(toy(MEETS, such, **{parameter: limit})) is C
    above = Decimal(limit) + Decimal("0.0001")
    refused = toy(MEETS, such, **{parameter: str(above)})
    assert refused is not None
    assert refused.breaches == [Breach(parameter=parameter, measured=above, limit=Decimal(limit), unit=UNITS[parameter])]
    assert refused.rule.verified


def test_a_liquid_must_not_be_too_acid_either() -> None:
    """The pH has two limits."""
    assert [outcome(toy(MEETS, liquid_ph=value)) for value in ("2.99", "3", "10", "10.01")] == [N, C, C, N]


@pytest.mark.parametrize(("parameter", "such"), [(one, such) for one, _, such in LIMITS if such is not EVERY], ids=str)
def test_what_is_limited_for_some_toys_says_nothing_of_others(parameter: str, such: tuple[bool, bool]) -> None:
    """Formaldehyde counts for children under 3 years, three phthalates for what can be put into the mouth."""
    others = UNDER_3 if such is MOUTHABLE else MOUTHABLE
    assert toy(MEETS, others, **{parameter: "99"}) is None
    assert outcome(toy(MEETS, (True, True), **{parameter: "99"})) is N


@pytest.mark.parametrize(
    ("on", "phthalate", "acid"),
    [
        (date(2010, 4, 14), None, None),
        (date(2010, 4, 15), None, N),
        (date(2019, 12, 30), None, N),
        (date(2019, 12, 31), N, N),
    ],
)
def test_phthalates_are_limited_since_the_regulation_of_2019(on: date, phthalate: Outcome | None, acid: Outcome | None) -> None:
    """Its forerunner knew liquids, formaldehyde and the supply."""
    assert outcome(toy(MEETS, on=on, dehp="0.2")) is phthalate
    assert outcome(toy(MEETS, on=on, liquid_ph="2")) is acid


@pytest.mark.parametrize(("element", "limit"), MIGRATION.items())
def test_migration_of_elements_is_judged_by_remembered_limits_and_says_so(element: str, limit: int) -> None:
    """Both sides of each; a day before the circular nothing."""
    parameter = f"{element}_migration"
    kept, broken = toy(RELEASES, **{parameter: str(limit)}), toy(RELEASES, **{parameter: f"{limit}.1"})
    assert (outcome(kept), outcome(broken)) == (C, N)
    assert broken is not None
    assert not broken.rule.verified
    assert outcome(toy(RELEASES, on=date(2019, 12, 31), **{parameter: f"{limit}.1"})) is N
    assert toy(RELEASES, on=date(2019, 12, 30), **{parameter: f"{limit}.1"}) is None


def test_each_rule_speaks_of_what_it_limits_and_of_toys_alone() -> None:
    """A panel of phthalates is no clearance of the elements, nor the other way round."""
    assert toy(RELEASES, dehp="0") is None
    assert toy(MEETS, lead_migration="0") is None
    helmet = Helmet(circumference_mm=540, results=results(dehp="9", lead_migration="999"))
    assert sampled(helmet, ProductGroup.TOY, MEETS) is None
    assert sampled(helmet, ProductGroup.TOY, RELEASES) is None
