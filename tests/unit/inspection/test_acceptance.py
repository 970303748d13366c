"""Measured values are held against limits by the decision rule of JCGM 106 and ILAC-G8 that a rule's version names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.acceptance import (
    SIMPLE_ACCEPTANCE,
    Comparison,
    DecisionRule,
    Limit,
    guarded_acceptance,
    guarded_rejection,
    judge,
    non_binary,
)
from services.inspection.judging import Version, judges
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import SampleTested
from shared.contracts.vocabulary import Breach, Outcome

KEPT, BROKEN, OPEN = Outcome.CONFORMING, Outcome.NONCONFORMING, Outcome.INCONCLUSIVE
FIFTY = Decimal(50)
SMALLEST = Decimal("0.000000000001")
RULES = [SIMPLE_ACCEPTANCE, guarded_acceptance(), guarded_rejection(), non_binary(), non_binary(Decimal("0.83"))]


def decided(decide: DecisionRule, measured: Decimal, uncertainty: Decimal | None, *, at_least: bool = False) -> Outcome:
    """Hold a value against 50; for a lowest limit the value is mirrored, so that the outcome must be the same."""
    mirrored = 2 * FIFTY - measured if at_least else measured
    return decide(Comparison("sulfur", mirrored, Limit(FIFTY, at_least=at_least), "mg/kg", uncertainty))


@pytest.mark.parametrize("at_least", [False, True])
@pytest.mark.parametrize(
    ("decide", "edge", "inside", "outside"),
    [
        (SIMPLE_ACCEPTANCE, "50", KEPT, BROKEN),
        (guarded_acceptance(), "47", KEPT, BROKEN),
        (guarded_rejection(), "53", KEPT, BROKEN),
        (non_binary(), "47", KEPT, OPEN),
        (non_binary(), "53", OPEN, BROKEN),
        (guarded_acceptance(Decimal("0.83")), "47.51", KEPT, BROKEN),
        (guarded_rejection(Decimal("0.83")), "52.49", KEPT, BROKEN),
        (non_binary(Decimal("0.83")), "47.51", KEPT, OPEN),
        (non_binary(Decimal("0.83")), "52.49", OPEN, BROKEN),
    ],
    ids=lambda one: one.name if isinstance(one, DecisionRule) else str(one),
)
def test_a_decision_rule_turns_exactly_at_its_guard_band(
    decide: DecisionRule, edge: str, inside: Outcome, outside: Outcome, *, at_least: bool
) -> None:
    """With U = 3: the edge itself still belongs to the inner side, the smallest step beyond it does not."""
    uncertainty = Decimal(3)
    assert decided(decide, Decimal(edge) - SMALLEST, uncertainty, at_least=at_least) is inside
    assert decided(decide, Decimal(edge), uncertainty, at_least=at_least) is inside
    assert decided(decide, Decimal(edge) + SMALLEST, uncertainty, at_least=at_least) is outside


@pytest.mark.parametrize("decide", RULES, ids=lambda one: one.name)
def test_without_uncertainty_all_decision_rules_agree(decide: DecisionRule) -> None:
    """A guard band of nothing changes nothing."""
    assert decided(decide, FIFTY, Decimal(0)) is KEPT
    assert decided(decide, FIFTY + SMALLEST, Decimal(0)) is BROKEN


@pytest.mark.parametrize(
    ("decide", "on_the_limit", "beyond"),
    [
        (SIMPLE_ACCEPTANCE, KEPT, BROKEN),
        (guarded_acceptance(), OPEN, BROKEN),
        (guarded_rejection(), KEPT, OPEN),
        (non_binary(), OPEN, OPEN),
    ],
    ids=lambda one: one.name if isinstance(one, DecisionRule) else str(one),
)
def test_an_uncertainty_that_was_not_stated_is_not_taken_for_none(
    decide: DecisionRule, on_the_limit: Outcome, beyond: Outcome
) -> None:
    """Only what any uncertainty would leave as it is counts as decided."""
    assert decided(decide, FIFTY, None) is on_the_limit
    assert decided(decide, FIFTY + SMALLEST, None) is beyond


@given(
    decide=st.sampled_from(RULES),
    values=st.tuples(st.decimals(0, 100, places=3), st.decimals(0, 100, places=3)).map(sorted),
    uncertainty=st.none() | st.decimals(0, 40, places=3),
    at_least=st.booleans(),
)
def test_a_worse_value_is_never_judged_better(
    decide: DecisionRule, values: list[Decimal], uncertainty: Decimal | None, *, at_least: bool
) -> None:
    """By every decision rule the outcome goes from conforming over inconclusive to nonconforming, and never back."""
    rank = [KEPT, OPEN, BROKEN]
    better, worse = (rank.index(decided(decide, value, uncertainty, at_least=at_least)) for value in values)
    assert better <= worse


@given(measured=st.decimals(0, 100, places=3), uncertainty=st.none() | st.decimals(0, 40, places=3))
def test_guard_bands_only_shift_the_doubtful(measured: Decimal, uncertainty: Decimal | None) -> None:
    """What both guarded rules say alike, the rule with three outcomes says too; where they differ it stays open."""
    strict, lenient, three = (
        decided(one, measured, uncertainty) for one in (guarded_acceptance(), guarded_rejection(), non_binary())
    )
    if uncertainty is not None:
        assert three is (strict if strict is lenient else OPEN)
    if three is not OPEN:
        assert three is decided(SIMPLE_ACCEPTANCE, measured, uncertainty)


def test_one_broken_limit_outweighs_an_open_one_and_an_open_one_a_kept_one() -> None:
    """The finding is only as good as its worst comparison, and nothing compared is nothing proved."""

    def outcome(*measured: int) -> Outcome:
        limit = Limit(FIFTY)
        comparisons = (Comparison("sulfur", Decimal(value), limit, "mg/kg", Decimal(3)) for value in measured)
        return judge(comparisons, non_binary()).outcome

    assert outcome(46) is KEPT
    assert outcome(46, 52) is OPEN
    assert outcome(46, 52, 54) is BROKEN
    assert outcome() is OPEN


def test_a_parameter_is_kept_only_where_every_comparison_of_it_keeps_its_limit() -> None:
    """Whatever the others come to: the outcome is of the whole finding, what is kept of each parameter."""

    def kept(**measured: tuple[int, ...]) -> tuple[str, ...]:
        limit = Limit(FIFTY)
        comparisons = (
            Comparison(parameter, Decimal(value), limit, "1", Decimal(3))
            for parameter, values in measured.items()
            for value in values
        )
        return judge(comparisons, non_binary()).kept

    assert kept(b=(46,), a=(46, 47)) == ("a", "b")
    assert kept(a=(46, 54), b=(46,)) == kept(a=(54, 46), b=(46,)) == ("b",)
    assert kept(a=(46, 52), b=(46,)) == kept(a=(52, 46), b=(46,)) == ("b",)
    assert kept() == ()


def test_a_breach_shows_the_value_as_reported_and_as_compared() -> None:
    """0.0062 % by mass is 62 mg/kg, and its uncertainty is converted with it."""
    comparison = Comparison("sulfur", Decimal("0.0062"), Limit(FIFTY), "% mass", Decimal("0.0003"))
    assert judge([comparison], SIMPLE_ACCEPTANCE).breaches == [
        Breach(
            parameter="sulfur",
            measured=Decimal(62),
            limit=FIFTY,
            unit="mg/kg",
            uncertainty=Decimal(3),
            reported=Decimal("0.0062"),
            reported_unit="% mass",
        )
    ]


def test_a_value_in_another_unit_is_judged_with_its_uncertainty() -> None:
    """0.0047 % by mass with U = 0.0003 % touches the guard band of 47 mg/kg, and 0.00471 % lies in it."""
    for measured, expected in (("0.0047", KEPT), ("0.00471", OPEN)):
        comparison = Comparison("sulfur", Decimal(measured), Limit(FIFTY), "% mass", Decimal("0.0003"))
        assert judge([comparison], non_binary()).outcome is expected


@pytest.mark.parametrize(
    ("decide", "name"),
    [
        (SIMPLE_ACCEPTANCE, "simple_acceptance"),
        (guarded_acceptance(), "guarded_acceptance"),
        (guarded_rejection(Decimal("0.83")), "guarded_rejection w=0.83U"),
        (non_binary(), "non_binary"),
    ],
)
def test_a_verdict_names_its_decision_rule(decide: DecisionRule, name: str) -> None:
    """The names are stored with verdicts and never change."""

    def test_acceptance(sample: SampleTested, version: Version[Limit]) -> object:
        value = Comparison("sulfur", Decimal(len(sample.laboratory)), version.limits, "mg/kg", Decimal(0))
        return judge([value], version.decide)

    version = Version(valid_from=date(2025, 1, 1), source="SAMPLE", limits=Limit(FIFTY), decide=decide)
    rule = judges(SampleTested, kind=ViolationKind.FUEL_QUALITY, versions=[version])(test_acceptance)
    verdict = rule.verdict(SampleTested.sample(), date(2025, 1, 1))
    assert verdict is not None
    assert verdict.rule.decision == name
