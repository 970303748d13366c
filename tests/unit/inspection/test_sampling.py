"""Sampling plans keep the risks they promise, by an operating characteristic that is exact."""

from __future__ import annotations

import math
import time
from decimal import Decimal
from math import comb

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.inspection.sampling import SamplingPlan, SamplingQuery, offers, smallest_plan
from services.inspection.sampling.iso_2859_1 import standard_plan
from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import read_query

PERCENT = st.decimals(0, 100, places=1)


def accepted(lot: int, defectives: int, size: int, accept: int) -> float:
    """Return the hypergeometric probability by counting samples, with no rounding before the end."""
    good = lot - defectives
    ways = sum(comb(defectives, k) * comb(good, size - k) for k in range(min(accept, size) + 1))
    return ways / comb(lot, size)


@pytest.mark.parametrize(("share", "expected"), [("0", 1.0), ("2.5", 0.964), ("5", 0.760), ("9", 0.330), ("100", 0.0)])
def test_the_curve_of_fifty_with_three_allowed(share: str, expected: float) -> None:
    """The worked example of a process: n = 50, Ac = 3."""
    assert SamplingPlan(size=50, accept=3).acceptance(Decimal(share)) == pytest.approx(expected, abs=0.0005)


@given(size=st.integers(1, 200), accept=st.integers(0, 200), share=st.integers(0, 1000))
def test_a_process_is_judged_by_the_binomial_distribution(size: int, accept: int, share: int) -> None:
    """To the last digits a float can hold, compared with exact fractions of whole numbers."""
    exact = sum(comb(size, k) * share**k * (1000 - share) ** (size - k) for k in range(min(accept, size) + 1)) / 1000**size
    assert SamplingPlan(size=size, accept=accept).acceptance(Decimal(share) / 10) == pytest.approx(exact, abs=1e-12)


@given(data=st.data(), lot=st.integers(1, 400))
def test_a_lot_is_judged_by_the_hypergeometric_distribution(data: st.DataObject, lot: int) -> None:
    """What was drawn is not put back; a lot that is drawn whole holds no surprise."""
    size, defectives = data.draw(st.integers(1, lot)), data.draw(st.integers(0, lot))
    accept = data.draw(st.integers(0, size))
    found = SamplingPlan(lot=lot, size=size, accept=accept).acceptance(Decimal(100 * defectives) / lot)
    assert found == pytest.approx(accepted(lot, defectives, size, accept), abs=1e-12)
    if size == lot:
        assert found == float(defectives <= accept)


@given(data=st.data(), lot=st.none() | st.integers(200, 10_000_000))
def test_more_defectives_are_never_accepted_more_often(data: st.DataObject, lot: int | None) -> None:
    """Nor does a larger sample accept more, nor a smaller number allowed."""
    size, accept = data.draw(st.integers(1, 100)), data.draw(st.integers(0, 20))
    low, high = sorted(data.draw(st.tuples(PERCENT, PERCENT)))
    plan = SamplingPlan(lot=lot, size=size, accept=accept)
    slack = 1e-12
    assert plan.acceptance(high) <= plan.acceptance(low) + slack
    assert SamplingPlan(lot=lot, size=size + 1, accept=accept).acceptance(high) <= plan.acceptance(high) + slack
    assert SamplingPlan(lot=lot, size=size, accept=accept + 1).acceptance(high) >= plan.acceptance(high) - slack


@given(
    lot=st.integers(1, 60),
    qualities=st.tuples(PERCENT, PERCENT).map(sorted),
    risks=st.tuples(*[st.sampled_from([0.01, 0.05, 0.1, 0.3])] * 2),
)
def test_no_smaller_sample_keeps_both_risks(lot: int, qualities: list[Decimal], risks: tuple[float, float]) -> None:
    """Every other plan of a small lot is tried."""
    aql, ltpd = qualities
    assume(aql < ltpd)
    alpha, beta = risks
    plan = smallest_plan(lot, aql, ltpd, alpha, beta)
    good, bad = math.floor(aql * lot / 100), math.ceil(ltpd * lot / 100)
    slack = 1e-12
    assert 1 - accepted(lot, good, plan.size, plan.accept) <= alpha + slack
    assert accepted(lot, bad, plan.size, plan.accept) <= beta + slack
    for size in range(1, plan.size):
        for accept in range(size + 1):
            keeps = 1 - accepted(lot, good, size, accept) <= alpha - slack and accepted(lot, bad, size, accept) <= beta - slack
            assert not keeps, (size, accept)


@pytest.mark.parametrize(
    ("aql", "ltpd"),
    [("1", "5"), ("1", "1.05"), ("0.01", "0.011"), ("40", "40.1"), ("49.99", "50"), ("0.00001", "0.00002"), ("99", "100")],
)
def test_ten_million_are_planned_for_in_a_moment(aql: str, ltpd: str) -> None:
    """However close the two qualities are, an answer is a matter of a second or two, and it keeps both risks."""
    started = time.process_time()
    plan = smallest_plan(10_000_000, Decimal(aql), Decimal(ltpd), 0.05, 0.1)
    assert time.process_time() - started < 5
    assert plan.producers_risk(Decimal(aql)) <= 0.05
    assert plan.consumers_risk(Decimal(ltpd)) <= 0.1


def test_a_known_pair_of_qualities_gives_the_known_plan() -> None:
    """AQL 1 %, LTPD 5 %, risks of 5 and 10 %: n = 132, Ac = 3 for large lots (Poisson tables: 134)."""
    plan = smallest_plan(10_000_000, Decimal(1), Decimal(5), 0.05, 0.1)
    assert (plan.size, plan.accept) == (132, 3)
    small = smallest_plan(100, Decimal(1), Decimal(5), 0.05, 0.1)
    assert small.size < plan.size, "a small lot tells more by the same sample"


@pytest.mark.parametrize(
    ("lot", "aql", "plan"),
    [
        (281, "1.0", (50, 1)),
        (500, "2.5", (50, 3)),
        (501, "1", (80, 2)),
        (1_200, "2.5", (80, 5)),
        (1_201, "2.50", (125, 7)),
        (3_200, "1.0", (125, 3)),
        (3_201, "2.5", (200, 10)),
        (10_001, "1.0", (315, 7)),
        (35_000, "2.5", (315, 14)),
        (280, "1.0", None),
        (35_001, "1.0", None),
        (10_000_000, "2.5", None),
        (500, "1.5", None),
    ],
)
def test_the_standard_is_cited_only_where_it_is_known(lot: int, aql: str, plan: tuple[int, int] | None) -> None:
    """On both sides of each step of the lot size; for other lots and AQLs there is none."""
    found = standard_plan(lot, Decimal(aql))
    assert (found and (found.size, found.accept)) == plan


def test_a_curve_begins_at_certainty_and_ends_near_nothing() -> None:
    """In round steps of percent, of lots only with what they can hold."""
    curve = SamplingPlan(lot=400, size=50, accept=3).curve()
    assert curve[0].accepted == 1.0
    assert curve[-1].accepted < 0.01
    assert [point.accepted for point in curve] == sorted((point.accepted for point in curve), reverse=True)
    assert all(point.defective_percent * 4 % 1 == 0 for point in curve)
    assert [point.accepted for point in SamplingPlan(lot=4, size=4, accept=0).curve()] == [1.0, 0, 0, 0, 0]


def test_both_plans_are_offered_and_the_cited_one_says_so() -> None:
    """The computed one keeps both risks; of the standard's the real ones are told."""
    computed, standard = offers(read_query({"lot": "1200", "aql": "1", "ltpd": "5"}, SamplingQuery)).plans
    assert (computed.basis, computed.verified, computed.size, computed.accept, computed.reject) == (
        "operating_characteristic",
        True,
        128,
        3,
        4,
    )
    assert computed.producers_risk <= 0.05
    assert computed.consumers_risk is not None
    assert computed.consumers_risk <= 0.1
    assert (standard.basis, standard.verified, standard.size, standard.accept) == ("iso_2859_1_normal_ii", False, 80, 2)
    (alone,) = offers(read_query({"lot": "1200", "aql": "1.0"}, SamplingQuery)).plans
    assert (alone.size, alone.consumers_risk) == (80, None)


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({"lot": "0", "aql": "1"}, "lot"),
        ({"lot": "10000001", "aql": "1"}, "lot"),
        ({"lot": "100"}, "aql"),
        ({"lot": "100", "aql": "0"}, "aql"),
        ({"lot": "100", "aql": "NaN"}, "aql"),
        ({"lot": "100", "aql": "1E+999999"}, "aql"),
        ({"lot": "100", "aql": "5", "ltpd": "5"}, "ltpd"),
        ({"lot": "100", "aql": "5", "ltpd": "100.1"}, "ltpd"),
        ({"lot": "100", "aql": "1", "ltpd": "5", "alpha": "0"}, "alpha"),
        ({"lot": "100", "aql": "1", "ltpd": "5", "beta": "0.6"}, "beta"),
        ({"lot": "100", "aql": "1", "colour": "red"}, "colour"),
        ({"lot": "100", "aql": "1"}, "ltpd"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_name(arguments: dict[str, str], place: str) -> None:
    """With what is wrong about it."""
    with pytest.raises(InvalidInput, match=place):
        offers(read_query(arguments, SamplingQuery))
