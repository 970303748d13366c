"""How good an order of visits is: the same days, handed out again by score, and what is found sooner."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Sequence
from itertools import groupby

import msgspec

from services.planning.targeting.history import Inspection

_SHUFFLES = 1000
_RESAMPLES = 2000
_INTERVAL = 0.95


class Interval(msgspec.Struct, frozen=True):
    """The middle 95 % of what repeated sampling gave."""

    low: float
    high: float


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The order by score beside the order in which the inspections were made.

    ``days_earlier``: mean over the inspections that found something, of the actual day less the day in the order by
    score. ``found_by_half``: share of those among the first half of the visits. The intervals are of a bootstrap over
    the inspections that found something; the random figures are of seeded shuffles.
    """

    n: int
    positives: int
    auc: float
    days_earlier: float
    days_earlier_interval: Interval
    found_by_half: float
    actual_found_by_half: float
    found_by_half_gain_interval: Interval
    random_found_by_half: float
    random_found_by_half_sd: float
    random_days_earlier: float
    random_days_earlier_interval: Interval

    @property
    def gain_shown(self) -> bool:
        """Tell whether the gain is more than chance gives.

        Sooner than the actual order with the whole interval, sooner than random orders are (against a poor actual order
        those gain days too), and more found by half-way.
        """
        return (
            self.days_earlier_interval.low > 0
            and self.days_earlier > self.random_days_earlier_interval.high
            and self.found_by_half > self.actual_found_by_half
        )


def compare(inspections: Sequence[Inspection], scores: Sequence[float], seed: int) -> Comparison:
    """Compare the order by ``scores`` with that of ``inspections``, given in the order of their days.

    Equal scores are ordered by a hash of their ids: the file's own order must not help. Something must have been found
    at one inspection at least, and not at all.
    """
    n = len(inspections)
    days = [one.day.toordinal() for one in inspections]
    found = [place for place, one in enumerate(inspections) if one.found]
    ranked = sorted(range(n), key=lambda place: (-scores[place], _chance(inspections[place].id), place))
    slot_of = {place: slot for slot, place in enumerate(ranked)}
    half = n // 2
    sooner = [days[place] - days[slot_of[place]] for place in found]
    gained = [(slot_of[place] < half) - (place < half) for place in found]
    # Not for secrets: the same file has to give the same figures.
    chance = random.Random(seed)  # noqa: S311
    at_random = [chance.sample(range(n), len(found)) for _ in range(_SHUFFLES)]
    mean_day = _mean([days[place] for place in found])
    random_sooner = [mean_day - _mean([days[slot] for slot in slots]) for slots in at_random]
    random_half = [_mean([slot < half for slot in slots]) for slots in at_random]
    return Comparison(
        n=n,
        positives=len(found),
        auc=auc(scores, [one.found for one in inspections]),
        days_earlier=_mean(sooner),
        days_earlier_interval=_bootstrap(sooner, chance),
        found_by_half=_mean([slot_of[place] < half for place in found]),
        actual_found_by_half=_mean([place < half for place in found]),
        found_by_half_gain_interval=_bootstrap(gained, chance),
        random_found_by_half=_mean(random_half),
        random_found_by_half_sd=math.sqrt(_mean([share**2 for share in random_half]) - _mean(random_half) ** 2),
        random_days_earlier=_mean(random_sooner),
        random_days_earlier_interval=_middle(random_sooner),
    )


def auc(scores: Sequence[float], found: Sequence[bool]) -> float:
    """Return how often an inspection that found something scores above one that did not; a tie counts one half."""
    ranked = sorted(zip(scores, found, strict=True))
    positives = sum(found)
    below = wins = 0.0
    for _, tied in groupby(ranked, key=lambda pair: pair[0]):
        outcomes = [outcome for _, outcome in tied]
        hits = sum(outcomes)
        misses = len(outcomes) - hits
        wins += hits * (below + misses / 2.0)
        below += misses
    return wins / (positives * (len(found) - positives))


def _chance(of: str) -> bytes:
    return hashlib.sha256(of.encode()).digest()


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _bootstrap(values: Sequence[float], chance: random.Random) -> Interval:
    return _middle([_mean(chance.choices(values, k=len(values))) for _ in range(_RESAMPLES)])


def _middle(values: Sequence[float]) -> Interval:
    ranked = sorted(values)
    beyond = int(len(ranked) * (1.0 - _INTERVAL) / 2.0)
    return Interval(ranked[beyond], ranked[-1 - beyond])
