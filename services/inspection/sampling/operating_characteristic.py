"""Sampling plans by attributes, and what they let through.

The operating characteristic is exact: hypergeometric for a lot, for its members are not put back, and binomial for a process
that goes on, which is what large lots come near to.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from statistics import NormalDist

import msgspec

# Terms smaller than this share of the largest one cannot be seen in a sum of floating-point numbers.
_NEGLIGIBLE = 1e-18
_EACH_IN_TURN = 200
_CURVE_POINTS = 20
_SHOWN = Decimal("0.00001")  # percent: one of the 10 million that a lot may hold
_STEPS = tuple(Decimal(digit).scaleb(power) for power in range(-6, 2) for digit in ("1", "2", "2.5", "5"))


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """Of lots with so many percent defective, this share is accepted (0 to 1)."""

    defective_percent: Decimal
    accepted: float


class SamplingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Draw ``size`` of a ``lot`` and accept it with at most ``accept`` defective; without ``lot``, of a process."""

    size: int
    accept: int
    lot: int | None = None

    def acceptance(self, defective_percent: Decimal) -> float:
        """Return the probability of acceptance; a lot has the whole number of defectives next to its percentage."""
        if self.lot is None:
            return _binomial(self.size, float(defective_percent / 100), self.accept)
        return self._accepting(_defectives(self.lot, defective_percent, ROUND_HALF_UP))

    def producers_risk(self, aql: Decimal) -> float:
        """Return the highest probability that a lot of at most ``aql`` percent defective is refused."""
        return 1 - (self.acceptance(aql) if self.lot is None else self._accepting(_defectives(self.lot, aql, ROUND_FLOOR)))

    def consumers_risk(self, ltpd: Decimal) -> float:
        """Return the highest probability that a lot of at least ``ltpd`` percent defective is accepted."""
        return self.acceptance(ltpd) if self.lot is None else self._accepting(_defectives(self.lot, ltpd, ROUND_CEILING))

    def curve(self) -> list[Point]:
        """Return the operating characteristic from no defectives to where hardly any lot is accepted, in round steps."""
        end = min(Decimal(100), Decimal(self.accept + 3 * math.sqrt(self.accept + 1) + 3) / self.size * 100)
        step = next(one for one in _STEPS if one * _CURVE_POINTS >= end)
        shares = [step * number for number in range(math.ceil(end / step) + 1)]
        if self.lot is not None:
            counts = {_defectives(self.lot, share, ROUND_HALF_UP) for share in shares}
            shares = [(Decimal(100 * count) / self.lot).quantize(_SHOWN) for count in sorted(counts)]
        return [Point(defective_percent=share, accepted=round(self.acceptance(share), 6)) for share in shares]

    def characterised(self) -> CharacterisedPlan:
        """Return the plan with its curve beside it."""
        return CharacterisedPlan(size=self.size, accept=self.accept, lot=self.lot, operating_characteristic=self.curve())

    def _accepting(self, defectives: int) -> float:
        return _hypergeometric(self.lot or 0, defectives, self.size, self.accept)


class CharacterisedPlan(SamplingPlan, frozen=True, kw_only=True):
    """A plan and its operating characteristic, as they are shown together."""

    operating_characteristic: list[Point]


def smallest_plan(lot: int, aql: Decimal, ltpd: Decimal, alpha: float, beta: float) -> SamplingPlan:
    """Return the plan with the smallest sample that keeps both risks; where it allows hundreds defective, one next to it.

    Lots of at most ``aql`` percent defective are refused with probability ``alpha`` at most, lots of at least ``ltpd`` percent
    accepted with probability ``beta`` at most. Where no smaller sample can tell them apart, it is the whole lot.
    """
    good = _defectives(lot, aql, ROUND_FLOOR)
    bad = _defectives(lot, ltpd, ROUND_CEILING)

    def about(accept: int) -> int:
        return _first(accept + 1, lot, lambda size: _normal(lot, bad, size, beta) >= accept)

    def size_for(accept: int) -> int:
        # The larger the sample, the fewer bad lots pass.
        return _first_near(about(accept), accept + 1, lot, lambda size: _hypergeometric(lot, bad, size, accept) <= beta)

    def suits(accept: int) -> bool:
        return 1 - _hypergeometric(lot, good, size_for(accept), accept) <= alpha

    # Accepting as many as a good lot holds always suits.
    near = _first(0, good, lambda accept: _normal(lot, good, about(accept), 1 - alpha) <= accept)
    # Whole numbers make what suits waver a little around the number where it begins: there it pays to ask each in turn.
    accept = next(filter(suits, range(good + 1))) if near <= _EACH_IN_TURN else _first_near(near, 0, good, suits)
    return SamplingPlan(size=size_for(accept), accept=accept, lot=lot)


def _normal(lot: int, defectives: int, size: int, probability: float) -> float:
    """Return about which number of defectives a sample exceeds with all but this probability: where to begin to look."""
    share = defectives / lot
    deviation = math.sqrt(size * share * (1 - share) * (lot - size) / lot)
    return size * share + NormalDist().inv_cdf(probability) * deviation - 0.5


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the first number from which on ``holds`` is true, as it is taken to be at ``high``."""
    return low + bisect_left(range(low, high), True, key=holds)


def _first_near(near: int, low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the same, looked for in growing steps from ``near``: asking far away from it is dear."""
    step = 1
    if holds(near):
        while near - step > low and holds(near - step):
            near, step = near - step, 2 * step
        return _first(max(low, near - step), near, holds)
    while near + step < high and not holds(near + step):
        near, step = near + step, 2 * step
    return _first(near + 1, min(near + step, high), holds)


def _defectives(lot: int, percent: Decimal, rounding: str) -> int:
    return int((percent * lot / 100).to_integral_value(rounding))


def _hypergeometric(lot: int, defectives: int, size: int, most: int) -> float:
    """Return the probability of at most ``most`` defectives among ``size`` of ``lot`` that are drawn without putting back."""
    rest = lot - defectives - size
    mode = (size + 1) * (defectives + 1) // (lot + 2)

    def ratio(k: int) -> float:
        return (defectives - k) * (size - k) / ((k + 1) * (rest + k + 1))

    return _at_most(most, max(0, -rest), min(size, defectives), mode, ratio)


def _binomial(size: int, share: float, most: int) -> float:
    """Return the probability of at most ``most`` defectives among ``size`` of a process."""
    if share >= 1:
        return float(most >= size)
    odds = share / (1 - share)
    return _at_most(most, 0, size, min(size, int((size + 1) * share)), lambda k: (size - k) / (k + 1) * odds)


def _at_most(most: int, lowest: int, highest: int, mode: int, ratio: Callable[[int], float]) -> float:
    """Sum a distribution up to ``most``; ``ratio(k)`` is the probability of k + 1 relative to that of k.

    Counted from the mode, where terms are largest, and divided by their total, so that no factorial is ever needed.
    """
    if most >= highest:
        return 1.0
    mode = min(max(mode, lowest), highest)
    terms = [(mode, 1.0), *_upwards(mode, highest, ratio), *_downwards(mode, lowest, ratio)]
    below = sum(term for k, term in terms if k <= most)
    return below / sum(term for _, term in terms)


def _upwards(mode: int, highest: int, ratio: Callable[[int], float]) -> Iterator[tuple[int, float]]:
    term = 1.0
    for k in range(mode, highest):
        term *= ratio(k)
        if term < _NEGLIGIBLE:
            return
        yield k + 1, term


def _downwards(mode: int, lowest: int, ratio: Callable[[int], float]) -> Iterator[tuple[int, float]]:
    term = 1.0
    for k in range(mode, lowest, -1):
        term /= ratio(k - 1)
        if term < _NEGLIGIBLE:
            return
        yield k - 1, term
