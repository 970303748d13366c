"""A lot of prepackaged goods holds what its packages say (TT 21/2014/TT-BKHCN Art. 5).

Three tests, all of which the lot must pass: the mean content; how many packages are short by more than the tolerable
deficiency T; no package short by more than 2T. Appendices III and IV of the circular could not be read: T and the sampling
plans are those of OIML R 87:2004, on which they rest.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from typing import NamedTuple

import msgspec

from services.inspection.acceptance import INCONCLUSIVE, Judgement
from services.inspection.judging import Version, judges
from services.inspection.sampling import SamplingPlan
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import PrepackagedLot, SampleTested
from shared.contracts.vocabulary import Breach, Outcome

# Values have at most 27 digits; their squares times the squared size of a sample still fit, so the tests are exact.
_DIGITS = 80
_SHOWN = Decimal("0.0001")
_TESTS = ("content", "deficient_packages", "mean_content")
_SMALL_UNITS = {"kg": "g", "l": "ml"}


class Plan(msgspec.Struct, frozen=True):
    """A sampling plan: ``size`` packages of a lot of at least ``lot_from``, factor ``k`` and ``allowed`` deficient packages."""

    lot_from: int
    size: int
    k: Decimal
    allowed: int


class Deficiency(msgspec.Struct, frozen=True):
    """The tolerable deficiency up to a nominal quantity in g or ml: so many percent of it, or so many g or ml."""

    up_to: int
    percent: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)

    def of(self, nominal: Decimal) -> Decimal:
        return nominal * self.percent / 100 + self.fixed


class LotLimits(msgspec.Struct, frozen=True):
    """The tables of the circular, rising; ``destructive`` is for samples whose packages must be broken open."""

    least_nominal: int
    deficiencies: tuple[Deficiency, ...]
    plans: tuple[Plan, ...]
    destructive: Plan
    allowed_share: Decimal

    def tolerable_deficiency(self, nominal: Decimal) -> Decimal | None:
        """Return T, or nothing for a nominal quantity outside the table."""
        if nominal < self.least_nominal:
            return None
        return next((row.of(nominal) for row in self.deficiencies if nominal <= row.up_to), None)

    def plan(self, lot_size: int, size: int) -> tuple[Plan, bool]:
        """Return the plan a sample of ``size`` is judged by, and whether the sample is large enough for it.

        A whole lot is judged by itself: no factor, and the allowed share of it deficient; a lot too small for any plan must
        be measured whole. A sample larger than asked for is judged by the largest plan it fills.
        """
        whole = Plan(0, lot_size, Decimal(0), int(lot_size * self.allowed_share))
        if size == lot_size:
            return whole, True
        fitting = [plan for plan in self.plans if plan.lot_from <= lot_size]
        if fitting and size == self.destructive.size:
            return self.destructive, True
        wanted = fitting[-1] if fitting else whole
        filled = [plan for plan in self.plans if wanted.size <= plan.size <= size]
        return (filled[-1], True) if filled else (wanted, False)


_OIML_R_87 = LotLimits(
    least_nominal=5,
    deficiencies=(
        Deficiency(50, percent=Decimal(9)),
        Deficiency(100, fixed=Decimal("4.5")),
        Deficiency(200, percent=Decimal("4.5")),
        Deficiency(300, fixed=Decimal(9)),
        Deficiency(500, percent=Decimal(3)),
        Deficiency(1_000, fixed=Decimal(15)),
        Deficiency(10_000, percent=Decimal("1.5")),
        Deficiency(15_000, fixed=Decimal(150)),
        Deficiency(50_000, percent=Decimal(1)),
    ),
    plans=(
        Plan(100, 50, Decimal("0.379"), 3),
        Plan(501, 80, Decimal("0.295"), 5),
        Plan(3_201, 125, Decimal("0.234"), 7),
    ),
    destructive=Plan(100, 20, Decimal("0.640"), 1),
    allowed_share=Decimal("0.025"),
)


@judges(
    SampleTested,
    kind=ViolationKind.PREPACKAGE_QUANTITY,
    versions=[
        Version(
            valid_from=date(2014, 8, 30),
            source="TT 21/2014/TT-BKHCN Điều 5, OIML R 87:2004",
            limits=_OIML_R_87,
            verified=False,
        )
    ],
)
def prepackaged_lot_holds_its_quantity(sample: SampleTested, version: Version[LotLimits]) -> Judgement | None:
    """Judge the lot; nothing for other goods. The sampling plan is shown with the verdict, for the test of deficient packages.

    A sample smaller than its plan can condemn the lot, for more packages would not take a deficient one away, but cannot
    clear it: then, and for a nominal quantity outside the table, the judgement is inconclusive.
    """
    lot = sample.finding
    if not isinstance(lot, PrepackagedLot):
        return None
    with localcontext(prec=_DIGITS):
        packages = _Packages.of(lot)
        tolerable = version.limits.tolerable_deficiency(packages.nominal)
        if tolerable is None:
            return INCONCLUSIVE
        plan, is_large_enough = version.limits.plan(lot.lot_size, len(lot.contents))
        breaches = [
            *(_mean_breaches(packages, plan.k) if is_large_enough else ()),
            *_package_breaches(packages, plan.allowed, tolerable),
        ]
    outcome = Outcome.CONFORMING if is_large_enough else Outcome.INCONCLUSIVE
    broken = {breach.parameter for breach in breaches}
    kept = tuple(test for test in _TESTS if test not in broken) if is_large_enough else ()
    drawn = SamplingPlan(size=len(lot.contents), accept=plan.allowed, lot=lot.lot_size)
    return Judgement(Outcome.NONCONFORMING if breaches else outcome, breaches, kept, drawn)


class _Packages(NamedTuple):
    """The contents in g or ml, in which the tables are, and the unit they were reported in."""

    nominal: Decimal
    contents: list[Decimal]
    unit: str
    reported_unit: str

    @classmethod
    def of(cls, lot: PrepackagedLot) -> _Packages:
        small = _SMALL_UNITS.get(lot.unit)
        if small is None:
            return cls(lot.nominal, lot.contents, lot.unit, lot.unit)
        return cls(lot.nominal * 1000, [content * 1000 for content in lot.contents], small, lot.unit)


def _mean_breaches(lot: _Packages, k: Decimal) -> list[Breach]:
    """Test mean ≥ nominal - k·s without a root or a division, so that a lot on the limit is judged exactly."""
    size = len(lot.contents)
    deviations = [content - lot.nominal for content in lot.contents]
    lacking = -sum(deviations, Decimal(0))
    if lacking <= 0:
        return []
    # With n packages, lacking L = n·(nominal - mean) and n·(n - 1)·s² = S: L/n > k·s  ⇔  L²·(n - 1) > k²·n·S.
    spread = size * sum((deviation * deviation for deviation in deviations), Decimal(0)) - lacking * lacking
    if k and lacking * lacking * (size - 1) <= k * k * size * spread:
        return []
    permitted = lot.nominal - (k * (spread / (size * (size - 1))).sqrt() if k else 0)
    mean = lot.nominal - lacking / size
    return [Breach(parameter="mean_content", measured=mean.quantize(_SHOWN), limit=permitted.quantize(_SHOWN), unit=lot.unit)]


def _package_breaches(lot: _Packages, allowed: int, tolerable: Decimal) -> list[Breach]:
    """Test how many packages are short by more than T, and that none is by more than 2T."""
    breaches = []
    least = lot.nominal - tolerable
    deficient = sum(content < least for content in lot.contents)
    if deficient > allowed:
        breaches.append(Breach(parameter="deficient_packages", measured=Decimal(deficient), limit=Decimal(allowed), unit="1"))
    smallest = min(lot.contents)
    if smallest < least - tolerable:
        breaches.append(
            Breach(
                parameter="content",
                measured=smallest,
                limit=least - tolerable,
                unit=lot.unit,
                reported=smallest / 1000 if lot.reported_unit != lot.unit else None,
                reported_unit=lot.reported_unit if lot.reported_unit != lot.unit else "",
            )
        )
    return breaches
