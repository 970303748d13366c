"""Scales other than spring dial scales are judged by their accuracy class."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.model.findings import Verdict
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import ScaleCheck, ScaleLoad
from shared.contracts.vocabulary import Outcome
from tests.unit.inspection.checks import DAY, check


def weighed(accuracy_class: Literal["I", "II", "III", "IIII"], load: int, shortage: str, on: date = DAY) -> Verdict | None:
    """Judge a scale with e = 5 g, load and shortage in e."""
    e = Decimal(5)
    finding = ScaleCheck(
        accuracy_class=accuracy_class,
        interval_g=e,
        loads=[ScaleLoad(load_g=load * e, shortage_g=Decimal(shortage) * e)],
    )
    return check(finding, ViolationKind.SCALE_ERROR, on=on, instrument_type="platform_scale")


@pytest.mark.parametrize(
    ("accuracy_class", "load", "permitted"),
    [
        ("I", 50_000, "1"),
        ("I", 50_001, "2"),
        ("I", 200_000, "2"),
        ("I", 200_001, "3"),
        ("I", 5_000_000, "3"),
        ("II", 5_000, "1"),
        ("II", 5_001, "2"),
        ("II", 20_000, "2"),
        ("II", 20_001, "3"),
        ("II", 100_000, "3"),
        ("III", 1, "1"),
        ("III", 500, "1"),
        ("III", 501, "2"),
        ("III", 2_000, "2"),
        ("III", 2_001, "3"),
        ("III", 10_000, "3"),
        ("IIII", 50, "1"),
        ("IIII", 51, "2"),
        ("IIII", 200, "2"),
        ("IIII", 201, "3"),
        ("IIII", 1_000, "3"),
    ],
)
def test_other_scales_may_be_short_by_twice_the_error_at_initial_verification(
    accuracy_class: Literal["I", "II", "III", "IIII"], load: int, permitted: str
) -> None:
    """0.5, 1 and 1.5 e by load and class, doubled for a scale in use; remembered, and it says so."""
    kept = weighed(accuracy_class, load, permitted)
    broken = weighed(accuracy_class, load, str(Decimal(permitted) + Decimal("0.001")))
    assert kept is not None
    assert broken is not None
    assert (kept.outcome, broken.outcome) == (Outcome.CONFORMING, Outcome.NONCONFORMING)
    assert not kept.rule.verified


@pytest.mark.parametrize(("accuracy_class", "beyond"), [("II", 100_001), ("III", 10_001), ("IIII", 1_001)])
def test_a_load_beyond_the_class_says_nothing(accuracy_class: Literal["II", "III", "IIII"], beyond: int) -> None:
    """No scale of the class has so many intervals."""
    found = weighed(accuracy_class, beyond, "99")
    assert found is not None
    assert found.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(("on", "judged"), [(date(2017, 8, 14), False), (date(2017, 8, 15), True)])
def test_other_scales_are_judged_from_the_day_of_their_circular(on: date, *, judged: bool) -> None:
    """TT 09/2017 took effect on 15 August 2017."""
    assert (weighed("III", 100, "9", on=on) is not None) is judged


@given(
    accuracy_class=st.sampled_from(["I", "II", "III", "IIII"]),
    load=st.integers(1, 1_000),
    shortages=st.tuples(st.decimals(0, 5, places=2), st.decimals(0, 5, places=2)).map(sorted),
)
def test_a_larger_shortage_is_never_judged_better(
    accuracy_class: Literal["I", "II", "III", "IIII"], load: int, shortages: list[Decimal]
) -> None:
    """What breaks the limit is still broken with more missing."""
    less, more = (weighed(accuracy_class, load, str(one)) for one in shortages)
    assert less is not None
    assert more is not None
    if less.outcome is Outcome.NONCONFORMING:
        assert more.outcome is Outcome.NONCONFORMING
