"""How often a visit finds a violation: few visits say little, so a rate is drawn to that of its group.

Beta priors, one inside the other: all visits, the product group, the group in its province, the site's own product. The
last moves away from the group's rate as its visits come to outweigh the prior's. Who made a visit plays no part.
"""

from __future__ import annotations

import math
from typing import NamedTuple

# How many visits the rate above weighs as much as. A backtest on the City of Chicago's inspections gives the same order
# for 2 to 30 (docs/targeting.md).
_GROUP_PRIOR = 20.0
_OWN_PRIOR = 8.0


class Tally(NamedTuple):
    """How many visits there were, and at how many a violation was found."""

    visits: int = 0
    found: int = 0

    def plus(self, other: Tally) -> Tally:
        """Return the sum of both."""
        return Tally(self.visits + other.visits, self.found + other.found)


def group_rate(everything: Tally, group: Tally, in_province: Tally) -> float:
    """Return the rate of a product group in a province."""
    overall = (everything.found + 0.5) / (everything.visits + 1.0)
    return _shrunk(in_province, _shrunk(group, overall, _GROUP_PRIOR), _GROUP_PRIOR)


def own_rate(own: Tally, of_group: float, signals: float) -> float:
    """Return the rate of a site's product: its own visits beside the group's rate.

    ``signals`` is the weight left of complaints and other signs; each counts like a visit that found something.
    """
    return _shrunk(Tally(own.visits, own.found), of_group, _OWN_PRIOR, signals)


def wilson(tally: Tally, deviate: float = 1.959964) -> tuple[float, float]:
    """Return the Wilson score interval of a rate, by default of 95 %; from 0 to 1 when there was no visit."""
    if not tally.visits:
        return 0.0, 1.0
    n, share, square = tally.visits, tally.found / tally.visits, deviate * deviate
    middle = (share + square / (2 * n)) / (1 + square / n)
    reach = deviate / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _shrunk(tally: Tally, to: float, prior: float, more: float = 0.0) -> float:
    return (prior * to + tally.found + more) / (prior + tally.visits + more)
