"""Fuel dispensers are permitted more at small volumes, by the steps of OIML R 117 and the minimum measured quantity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.model.findings import Verdict
from services.inspection.rules.dispenser_error_within_limit import dispenser_error_within_limit
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import DispenserCheck
from shared.contracts.vocabulary import Outcome
from tests.unit.inspection.checks import DAY, check


def small_volume(error: Decimal, litres: str, minimum: str | None = None, on: date = DAY) -> Verdict:
    """Judge one error found at a small volume."""
    least = Decimal(minimum) if minimum else None
    finding = DispenserCheck(errors_percent=[error], litres=[Decimal(litres)], minimum_litres=least)
    verdict = check(finding, ViolationKind.DISPENSER_ERROR, on=on)
    assert verdict is not None
    return verdict


@pytest.mark.parametrize(
    ("litres", "minimum", "percent"),
    [
        # 1.5 times the MPE of 0.3 %, by the steps of OIML R 117: from 2 L on, and below.
        ("20", None, "0.45"),
        ("2", None, "0.45"),
        ("1.999", None, "0.450225112556"),  # the MPE of 2 L, which is 6 mL, times 1.5, of 1.999 L
        ("1.5", None, "0.6"),
        ("1", None, "0.9"),
        ("0.999", None, "0.9"),
        ("0.4", None, "0.9"),
        ("0.3", None, "1.2"),
        ("0.2", None, "1.8"),
        ("0.15", None, "1.8"),
        ("0.1", None, "1.8"),
        ("0.05", None, "3.6"),
        # Below twice the minimum measured quantity: twice the MPE of that quantity (Emin).
        ("10", "5", "0.45"),
        ("8", "5", "0.5625"),
        ("5", "5", "0.9"),
        ("4", "2", "0.45"),
        ("3", "2", "0.6"),
        ("4", "1.1", "0.45"),
        ("3", "1.1", "0.6"),  # twice the 6 mL of 1.1 L, times 1.5
        ("1", "0.5", "0.9"),
        ("0.5", "0.5", "1.8"),
    ],
)
def test_small_volumes_are_permitted_more(litres: str, minimum: str | None, percent: str) -> None:
    """The permitted error itself is permitted on both sides of zero, the smallest step beyond is not."""
    permitted, step = Decimal(percent), Decimal("1e-12")
    for sign in (1, -1):
        assert small_volume(sign * permitted, litres, minimum).outcome is Outcome.CONFORMING
        refused = small_volume(sign * (permitted + step), litres, minimum)
        assert refused.outcome is Outcome.NONCONFORMING
        assert (refused.breaches[0].limit, refused.breaches[0].unit) == (sign * permitted, "%")


def test_small_volumes_follow_the_mpe_of_their_day() -> None:
    """0.5 % until 18 August 2013."""
    for on, percent in ((date(2013, 8, 18), "1.5"), (date(2013, 8, 19), "0.9")):
        assert small_volume(Decimal(percent), "1", on=on).outcome is Outcome.CONFORMING
        assert small_volume(Decimal(percent) + Decimal("0.0001"), "1", on=on).outcome is Outcome.NONCONFORMING


@given(
    volumes=st.tuples(st.decimals("0.001", 100, places=3), st.decimals("0.001", 100, places=3)).map(sorted),
    minimum=st.none() | st.decimals("0.1", 20, places=1),
)
def test_a_larger_volume_is_permitted_less_in_percent_and_not_less_in_millilitres(
    volumes: list[Decimal], minimum: Decimal | None
) -> None:
    """The steps of the table leave no gap that a choice of volume could use."""
    limits = dispenser_error_within_limit.versions[-1][0].limits
    small, large = (limits.percent(volume, minimum) for volume in volumes)
    assert small >= large
    rounding = Decimal("1e-9")  # of percent litres: limits are cut off at the twelfth decimal
    assert small * volumes[0] <= large * volumes[1] + rounding
    assert large >= Decimal("0.45")


@pytest.mark.parametrize(
    ("litres", "minimum"), [(["1", "2"], None), (["0"], None), (["-1"], None), (["NaN"], None), (["1"], "0"), (["100001"], None)]
)
def test_volumes_that_make_no_sense_do_not_come_in(litres: list[str], minimum: str | None) -> None:
    """One for each error, above zero."""
    with pytest.raises(ValueError, match=r"volume|finite"):
        DispenserCheck(
            errors_percent=[Decimal(0)],
            litres=[Decimal(one) for one in litres],
            minimum_litres=Decimal(minimum) if minimum else None,
        )


def test_the_uncertainty_of_an_error_comes_into_its_verdict() -> None:
    """It is shown with the breach; a guarded version would weigh it."""
    found = check(
        DispenserCheck(errors_percent=[Decimal("0.5")], uncertainty_percent=Decimal("0.1")), ViolationKind.DISPENSER_ERROR
    )
    assert found is not None
    assert [breach.uncertainty for breach in found.breaches] == [Decimal("0.1")]
    with pytest.raises(ValueError, match="negative"):
        DispenserCheck(errors_percent=[Decimal(0)], uncertainty_percent=Decimal(-1))
