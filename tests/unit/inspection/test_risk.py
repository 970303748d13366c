"""The level of a risk is read from the probability itself, on both sides of every band, and never falls as danger rises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.risk import Assessment, Scenario, Step, assess
from services.inspection.risk.assessment import Factor
from services.inspection.risk.matrix import CLASSES, ORDER, ROWS, worst
from services.inspection.rules.violation_has_a_default_scenario import VERSIONS, default_risk
from shared.contracts.inspection import ViolationKind
from shared.contracts.vocabulary import ProductGroup, RiskLevel

DAY = date(2025, 3, 14)


def scenario(severity: int, *probabilities: str) -> Scenario:
    """Return a scenario of these steps."""
    steps = tuple(Step(text="Bước mẫu", probability=one) for one in probabilities)
    return Scenario(harm="Tổn hại mẫu", severity=severity, steps=steps)


def level(severity: int, *probabilities: str, items: int = 0) -> str:
    """Return the level of one scenario."""
    return str(assess([scenario(severity, *probabilities)], items).level)


# The bound of a row, what a little more comes to at severities 1 to 4, and what the bound itself comes to.
BOUNDS = [
    ("0.5", "high serious serious serious", "medium serious serious serious"),
    ("0.1", "medium serious serious serious", "medium serious serious serious"),
    ("0.01", "medium serious serious serious", "low high serious serious"),
    ("0.001", "low high serious serious", "low medium high serious"),
    ("0.0001", "low medium high serious", "low low medium high"),
    ("0.00001", "low low medium high", "low low low medium"),
    ("0.000001", "low low low medium", "low low low low"),
]


@pytest.mark.parametrize(("bound", "above", "at"), BOUNDS)
@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_a_band_begins_just_above_its_bound(bound: str, above: str, at: str, severity: int) -> None:
    """The bound itself belongs to the band below."""
    more = f"{Decimal(bound) + Decimal('1e-12'):f}"
    less = f"{Decimal(bound) - Decimal('1e-12'):f}"
    assert level(severity, more) == above.split()[severity - 1]
    assert level(severity, bound) == level(severity, less) == at.split()[severity - 1]


@pytest.mark.parametrize(
    ("severity", "steps", "expected"),
    [
        (1, ("1", "1/50", "1/10", "1"), "low"),  # the folding chair of Decision 2010/15/EU
        (1, ("0.6",), "high"),  # 1/p rounds to 2, which would be medium
        (2, ("0.01002",), "serious"),  # 1/p rounds to 100, which would be high
        (1, ("0.01002",), "medium"),
        (1, ("2/3", "0.15"), "medium"),  # exactly 0.1 …
        (2, ("2/3", "0.015"), "high"),  # … and exactly 0.01, though two thirds are no decimal
        (4, ("1", "0", "1"), "low"),  # impossible, where leaving the step out would be serious
    ],
)
def test_known_cases(severity: int, steps: tuple[str, ...], expected: str) -> None:
    """Worked examples, and the cases that others get wrong."""
    assert level(severity, *steps) == expected


def test_a_step_that_cannot_happen_makes_the_scenario_impossible() -> None:
    """Neither many items in use nor a band more change that."""
    found = assess([scenario(4, "1", "0.0")], 10_000_000)
    assert (found.level, found.scenarios[0].is_possible, found.is_sensitive) == (RiskLevel.LOW, False, False)
    assert assess([scenario(4, "0"), scenario(1, "1")]).level is RiskLevel.HIGH


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (0, "low medium high serious"),
        (100_000, "low medium high serious"),
        (100_001, "medium high high serious"),
        (500_000, "medium high high serious"),
        (500_001, "medium high serious serious"),
        (1_000_000, "medium high serious serious"),
        (1_000_001, "high serious serious serious"),
    ],
)
def test_items_in_use_raise_the_level(items: int, expected: str) -> None:
    """On both sides of every class."""
    uncorrected = [(1, "0.001"), (1, "0.1"), (1, "1"), (4, "1")]  # low, medium, high, serious
    assert [level(severity, p, items=items) for severity, p in uncorrected] == expected.split()


def test_the_worst_scenario_decides() -> None:
    """Whatever their order."""
    low, high = scenario(1, "0.001"), scenario(4, "0.0001")
    assert assess([low, high]).level is assess([high, low]).level is RiskLevel.HIGH


PROBABILITIES = st.builds(
    lambda digits, places: f"{Decimal(digits).scaleb(-places):f}", st.integers(0, 10**6), st.integers(6, 12)
)
SCENARIOS = st.builds(
    lambda severity, steps: scenario(severity, *steps), st.integers(1, 4), st.lists(PROBABILITIES, min_size=1, max_size=4)
)
ITEMS = st.sampled_from([0, 100_000, 100_001, 500_000, 500_001, 1_000_000, 1_000_001])


def rank(assessment: Assessment) -> int:
    """Return how grave a level is."""
    return ORDER.index(assessment.level)


@given(one=SCENARIOS, other=SCENARIOS, items=ITEMS, more=ITEMS)
def test_the_level_never_falls_as_danger_rises(one: Scenario, other: Scenario, items: int, more: int) -> None:
    """In probability, severity and items in use, and with every scenario that is added."""
    if one.probability <= other.probability and one.severity <= other.severity and items <= more:
        assert rank(assess([one], items)) <= rank(assess([other], more))
    assert rank(assess([one, other], items)) == max(rank(assess([one], items)), rank(assess([other], items)))
    graver = msgspec.structs.replace(one, severity=4)
    assert rank(assess([one], items)) <= rank(assess([graver], items))


@given(found=SCENARIOS, items=ITEMS)
def test_every_shift_changes_the_level_in_its_direction(found: Scenario, items: int) -> None:
    """Up is graver, down is less grave, and what changes nothing is not named."""
    assessed = assess([found], items)
    for shift in assessed.shifts:
        assert (ORDER.index(shift.level) > rank(assessed)) is shift.up
    assert assessed.is_sensitive is bool(assessed.shifts)


def test_one_band_that_changes_the_level_is_named() -> None:
    """Each factor in each direction, and nothing else."""
    shifts = {(one.factor, one.up): one.level for one in assess([scenario(2, "0.002")], 100_000).shifts}
    assert shifts == {
        (Factor.PROBABILITY, True): RiskLevel.SERIOUS,
        (Factor.PROBABILITY, False): RiskLevel.MEDIUM,
        (Factor.SEVERITY, True): RiskLevel.SERIOUS,
        (Factor.SEVERITY, False): RiskLevel.LOW,
    }
    assert not assess([scenario(4, "1")]).is_sensitive
    assert {one.factor for one in assess([scenario(1, "0.000001")]).shifts} == {Factor.ITEMS_IN_USE}


@pytest.mark.parametrize("text", ["1.1", "2/1", "1/0", "-0.1", "1e-3", "", "0.0000000000001", "½", "0.5\n"])
def test_what_is_no_probability_is_refused(text: str) -> None:
    """As it comes in over HTTP: too large, without a value, or in a form two people read differently."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"text": "x", "probability": text}, Step)


def test_the_matrix_is_in_order() -> None:
    """Rows and classes go one way, and every level is at most that of the row above."""
    assert all(one > other for (one, _), (other, _) in pairwise(ROWS))
    assert ROWS[-1][0] == Fraction(0)
    for (_, one), (_, other) in pairwise(ROWS):
        assert all(ORDER.index(above) >= ORDER.index(below) for above, below in zip(one, other, strict=True))
    assert CLASSES[-1][0] is None
    assert worst([RiskLevel.NOT_STATED, RiskLevel.LOW]) is RiskLevel.LOW


def test_every_violation_has_a_level() -> None:
    """On any day, with what it rests on, which says that it is judgement."""
    for kind, group, day in product(ViolationKind, ProductGroup, (date(1999, 12, 31), date(2000, 1, 1), DAY)):
        found = default_risk(kind, group, day)
        assert found.level in ORDER
        assert found.basis.source
        assert found.basis.verified is False
        assert found.basis.valid_from == VERSIONS[0].valid_from


def test_default_levels() -> None:
    """A helmet without a mark is graver than a short measure."""
    mark, pump = ViolationKind.CONFORMITY_MARK_MISSING, ViolationKind.DISPENSER_ERROR
    assert default_risk(mark, ProductGroup.HELMET, DAY).level is RiskLevel.SERIOUS
    assert default_risk(mark, ProductGroup.TOY, DAY).level is RiskLevel.HIGH
    assert default_risk(mark, ProductGroup.OTHER, DAY).level is RiskLevel.MEDIUM
    assert default_risk(pump, ProductGroup.FUEL_DISPENSER, DAY).level is RiskLevel.MEDIUM
    assert default_risk(ViolationKind.VERIFICATION_LAPSED, ProductGroup.SCALE, DAY).level is RiskLevel.LOW
    assert default_risk(ViolationKind.ELECTRICAL_SAFETY, ProductGroup.ELECTRICAL, DAY).level is RiskLevel.SERIOUS
