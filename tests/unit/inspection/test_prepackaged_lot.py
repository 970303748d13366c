"""A prepackaged lot passes the mean, the number of deficient packages and the 2T line, or it does not."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from random import Random
from statistics import mean, stdev
from typing import Literal

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.inspection.model.findings import Verdict
from services.inspection.rules import rulebook
from services.inspection.rules.prepackaged_lot_holds_its_quantity import LotLimits, prepackaged_lot_holds_its_quantity
from services.inspection.sampling import SamplingPlan
from shared.contracts.partners import PrepackagedLot, SampleTested
from shared.contracts.vocabulary import Outcome, Product, ProductGroup, Site
from shared.kernel.clock import HANOI

TABLE: LotLimits = prepackaged_lot_holds_its_quantity.versions[-1][0].limits
SMALLEST = Decimal("0.000000000001")
BOUNDARIES = [50, 100, 200, 300, 500, 1_000, 10_000, 15_000]


def lot(contents: list[Decimal], lot_size: int, nominal: str = "500", on: date = date(2025, 3, 14)) -> Verdict | None:
    """Judge a lot."""
    sample = SampleTested(
        observed_at=datetime(on.year, on.month, on.day, 9, 0, tzinfo=HANOI),
        sample_id="SAMPLE-1",
        site=Site(id="SAMPLE-SITE", name="Cửa hàng mẫu", province="46"),
        product=Product(group=ProductGroup.PREPACKAGED, name="Gạo mẫu"),
        finding=PrepackagedLot(nominal=Decimal(nominal), unit="g", lot_size=lot_size, contents=contents),
        laboratory="Phòng thử nghiệm mẫu",
    )
    return next(iter(rulebook().verdicts(sample)), None)


def packages(*groups: tuple[int, str]) -> list[Decimal]:
    """Make packages from pairs of number and content."""
    return [Decimal(content) for number, content in groups for _ in range(number)]


def judged(contents: list[Decimal], lot_size: int, nominal: str = "500") -> tuple[Outcome, list[str]]:
    """Return the outcome and which tests were failed."""
    verdict = lot(contents, lot_size, nominal)
    assert verdict is not None
    return verdict.outcome, [breach.parameter for breach in verdict.breaches]


PASSED: tuple[Outcome, list[str]] = (Outcome.CONFORMING, [])


@pytest.mark.parametrize(
    ("nominal", "tolerable"),
    [
        ("5", "0.45"),
        ("50", "4.5"),
        ("51", "4.5"),
        ("100", "4.5"),
        ("150", "6.75"),
        ("200", "9"),
        ("250", "9"),
        ("300", "9"),
        ("400", "12"),
        ("500", "15"),
        ("800", "15"),
        ("1000", "15"),
        ("5000", "75"),
        ("10000", "150"),
        ("12000", "150"),
        ("15000", "150"),
        ("25000", "250"),
        ("50000", "500"),
        ("4.99", None),
        ("50000.01", None),
    ],
)
def test_the_tolerable_deficiency_follows_the_table(nominal: str, tolerable: str | None) -> None:
    """Percent and grams take turns; outside the table there is none."""
    assert TABLE.tolerable_deficiency(Decimal(nominal)) == (Decimal(tolerable) if tolerable else None)


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_the_tolerable_deficiency_has_no_step_at_any_boundary(boundary: int) -> None:
    """A gram more in the package never changes the tolerance by more than its share."""
    at, above = (TABLE.tolerable_deficiency(Decimal(boundary) + more) for more in (Decimal(0), SMALLEST))
    assert at is not None
    assert above is not None
    assert 0 <= above - at <= SMALLEST


@given(pair=st.tuples(st.decimals(5, 50_000, places=3), st.decimals(5, 50_000, places=3)).map(sorted))
def test_the_tolerable_deficiency_grows_with_the_quantity_and_its_share_shrinks(pair: list[Decimal]) -> None:
    """T is monotone, and T relative to the quantity is monotone the other way."""
    smaller, larger = (TABLE.tolerable_deficiency(nominal) for nominal in pair)
    assert smaller is not None
    assert larger is not None
    assert smaller <= larger
    assert smaller * pair[1] >= larger * pair[0]


def test_a_lot_that_holds_what_it_says_passes() -> None:
    """No package needs to hold more than the nominal quantity."""
    assert judged(packages((50, "500")), 400) == PASSED


@pytest.mark.parametrize(
    ("lot_size", "size", "allowed"), [(100, 50, 3), (500, 50, 3), (501, 80, 5), (3200, 80, 5), (3201, 125, 7)]
)
def test_each_plan_allows_its_number_of_deficient_packages(lot_size: int, size: int, allowed: int) -> None:
    """A package is deficient below nominal - T, not on it; on the allowed number the lot passes, one more and it fails."""
    rest = size - allowed
    assert judged(packages((allowed, "484.99"), (rest, "501")), lot_size) == PASSED
    assert judged(packages((allowed + 1, "485"), (rest - 1, "501")), lot_size) == PASSED
    assert judged(packages((allowed + 1, "484.99"), (rest - 1, "502")), lot_size) == (
        Outcome.NONCONFORMING,
        ["deficient_packages"],
    )


def test_no_package_may_be_short_by_more_than_twice_the_tolerable_deficiency() -> None:
    """One package beyond 2T condemns the lot, one on the line does not."""
    assert judged(packages((1, "470"), (49, "501")), 400) == PASSED
    assert judged(packages((1, "469.99"), (49, "501")), 400) == (Outcome.NONCONFORMING, ["content"])


def test_the_mean_may_lie_below_the_nominal_quantity_by_k_times_the_deviation_and_no_more() -> None:
    """On the limit, which no binary fraction can hold, the lot is judged exactly."""
    # Deviations of -a and +b such that the mean lacks exactly k·s: with 25 packages at each of two values 2·c apart,
    # s² = 50·c²/49 and k·s = 0.379·c·√(50/49) is irrational, so the smallest decimal steps on both sides must differ.
    half_gap = Decimal(4)
    lacking = Decimal("0.379") * half_gap * (Decimal(50) / Decimal(49)).sqrt()
    for step, expected in ((SMALLEST, PASSED), (-SMALLEST, (Outcome.NONCONFORMING, ["mean_content"]))):
        centre = (500 - lacking + step).quantize(SMALLEST)
        contents = packages((25, str(centre - half_gap)), (25, str(centre + half_gap)))
        assert judged(contents, 400) == expected


def test_a_mean_exactly_on_its_limit_passes() -> None:
    """A lot without any spread has s = 0: its mean must reach the nominal quantity, and may be no less."""
    assert judged(packages((50, "500")), 400) == PASSED
    assert judged(packages((50, str(500 - SMALLEST))), 400) == (Outcome.NONCONFORMING, ["mean_content"])


def test_the_breach_of_the_mean_tells_the_mean_and_what_was_permitted() -> None:
    """Figures for the file: four decimals, the textbook's own numbers."""
    contents = packages((25, "490"), (25, "500"))
    verdict = lot(contents, 400)
    assert verdict is not None
    (breach,) = verdict.breaches
    assert breach.measured == mean(contents)
    assert abs(breach.limit - (500 - Decimal("0.379") * stdev(contents))) < Decimal("0.0001")


def test_a_lot_measured_whole_is_judged_by_itself() -> None:
    """No factor for chance: the mean must reach the nominal quantity, and 2.5 % of the packages may be deficient."""
    assert judged(packages((2, "484"), (78, "501")), 80) == PASSED
    assert judged(packages((3, "484"), (77, "502")), 80) == (Outcome.NONCONFORMING, ["deficient_packages"])
    assert judged(packages((40, "499"), (40, "501")), 80) == PASSED
    assert judged(packages((41, "499"), (39, "501")), 80) == (Outcome.NONCONFORMING, ["mean_content"])
    assert judged(packages((1, "500")), 1) == PASSED
    assert judged(packages((1, "499.9")), 1) == (Outcome.NONCONFORMING, ["mean_content"])


def test_a_lot_keeps_the_tests_that_it_does_not_fail() -> None:
    """Of a sample that is large enough for its plan: a smaller one can only condemn."""

    def kept(contents: list[Decimal]) -> tuple[str, ...]:
        verdict = lot(contents, 400)
        assert verdict is not None
        return verdict.kept

    assert kept(packages((50, "500"))) == ("content", "deficient_packages", "mean_content")
    assert kept(packages((1, "469.99"), (49, "501"))) == ("deficient_packages", "mean_content")
    assert kept(packages((49, "501"))) == kept(packages((1, "469.99"), (48, "501"))) == ()


def test_twenty_packages_are_a_destructive_sample() -> None:
    """Its plan allows one deficient package; the same sample does not suffice for a lot that must be measured whole."""
    assert judged(packages((1, "484"), (19, "502")), 400) == PASSED
    assert judged(packages((2, "484"), (18, "503")), 400) == (Outcome.NONCONFORMING, ["deficient_packages"])
    assert judged(packages((20, "502")), 99) == (Outcome.INCONCLUSIVE, [])


@pytest.mark.parametrize("size", [1, 19, 21, 49])
def test_a_sample_too_small_for_its_plan_cannot_clear_a_lot(size: int) -> None:
    """It says nothing in favour of the lot, nor against it by its mean."""
    assert judged(packages((size, "502")), 400) == (Outcome.INCONCLUSIVE, [])
    assert judged(packages((size, "499")), 400) == (Outcome.INCONCLUSIVE, [])


def test_a_sample_too_small_for_its_plan_can_condemn_a_lot() -> None:
    """More packages would not take the deficient ones away."""
    assert judged(packages((1, "469")), 400) == (Outcome.NONCONFORMING, ["content"])
    assert judged(packages((4, "484"), (6, "510")), 400) == (Outcome.NONCONFORMING, ["deficient_packages"])


def test_a_larger_sample_is_judged_by_the_largest_plan_it_fills() -> None:
    """A lot of 400 of which 80 were measured may have five deficient packages, as a sample of 80 has."""
    assert judged(packages((5, "484"), (75, "502")), 400) == PASSED
    assert judged(packages((5, "484"), (74, "502")), 400) == (Outcome.NONCONFORMING, ["deficient_packages"])


@pytest.mark.parametrize("nominal", ["4", "60000"])
def test_a_quantity_outside_the_table_is_inconclusive(nominal: str) -> None:
    """There is no tolerable deficiency to judge by."""
    assert judged(packages((50, "1")), 400, nominal) == (Outcome.INCONCLUSIVE, [])


@pytest.mark.parametrize(("on", "is_judged"), [(date(2014, 8, 29), False), (date(2014, 8, 30), True)])
def test_lots_are_judged_from_the_day_of_the_circular(on: date, *, is_judged: bool) -> None:
    """TT 21/2014 took effect on 30 August 2014; its tables are marked as not verified."""
    verdict = lot(packages((50, "400")), 400, on=on)
    assert (verdict is not None) is is_judged
    assert verdict is None or verdict.rule.verified is False


CONTENTS = st.lists(st.decimals(460, 540, places=2), min_size=50, max_size=50)


@given(contents=CONTENTS, index=st.integers(0, 49), less=st.decimals(0, 100, places=2))
def test_taking_from_a_package_in_a_lot_measured_whole_never_helps(contents: list[Decimal], index: int, less: Decimal) -> None:
    """Where the whole lot is known, less in any package is never better."""
    assume(judged(contents, 50)[0] is Outcome.NONCONFORMING)
    fewer = [max(content - less, Decimal(0)) if place == index else content for place, content in enumerate(contents)]
    assert judged(fewer, 50)[0] is Outcome.NONCONFORMING


@given(contents=CONTENTS, order=st.randoms(use_true_random=False))
def test_the_order_of_the_packages_does_not_matter(contents: list[Decimal], order: Random) -> None:
    """A lot is a set."""
    shuffled = list(contents)
    order.shuffle(shuffled)
    assert judged(shuffled, 400) == judged(contents, 400)


@given(contents=CONTENTS)
def test_the_mean_test_agrees_with_the_textbook_formula(contents: list[Decimal]) -> None:
    """Away from the limit itself, the exact test and mean ≥ nominal - k·s are the same."""
    margin = mean(contents) - (500 - Decimal("0.379") * stdev(contents))
    assume(abs(margin) > Decimal("1e-9"))
    assert ("mean_content" in judged(contents, 400)[1]) is (margin < 0)


def test_the_plan_of_the_sample_is_shown_with_the_verdict() -> None:
    """n, Ac and lot size as they were, whether the lot passed or not, and for a whole lot too."""
    for contents, lot_size, accept in (
        (packages((50, "500")), 400, 3),
        (packages((90, "400")), 900, 5),
        (packages((40, "500")), 40, 1),
    ):
        verdict = lot(contents, lot_size)
        assert verdict is not None
        assert verdict.plan == SamplingPlan(size=len(contents), accept=accept, lot=lot_size)


@pytest.mark.parametrize(("large", "small"), [("kg", "g"), ("l", "ml")])
@pytest.mark.parametrize("light", ["0.469999", "0.47", "0.484999", "0.485", "0.4999", "0.6"])
def test_kilograms_are_judged_as_grams(large: Literal["kg", "l"], small: Literal["g", "ml"], light: str) -> None:
    """The same lot in the larger unit gets the same verdict, in the unit of the tables; a package is shown as reported too."""

    def judged_in(unit: Literal["g", "ml", "kg", "l"], factor: int) -> Verdict:
        contents = [Decimal(light) * factor] * 4 + [Decimal("0.51") * factor] * 46
        sample = msgspec.structs.replace(
            SampleTested.sample(),
            finding=PrepackagedLot(nominal=Decimal("0.5") * factor, unit=unit, lot_size=400, contents=contents),
        )
        return next(iter(rulebook().verdicts(sample)))

    in_kilograms, in_grams = judged_in(large, 1), judged_in(small, 1000)
    assert in_kilograms.outcome is in_grams.outcome
    plain = [msgspec.structs.replace(one, reported=None, reported_unit="") for one in in_kilograms.breaches]
    assert plain == in_grams.breaches
    for breach in in_kilograms.breaches:
        if breach.parameter == "content":
            assert (breach.reported, breach.reported_unit) == (Decimal(light), large)
