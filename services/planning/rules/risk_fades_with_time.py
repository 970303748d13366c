"""How much a signal weighs, and how its weight fades: by half in each half-life of legal time.

The score orders sites for inspection. It is no probability and no legal figure: weights and half-life are judgement, and
no gain over the inspectors' own order is claimed for them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from services.planning.model.risk import COMPLAINT, CONFIRMED_MATCH, FOREIGN_ALERT, VALIDATED, Signals
from services.planning.rules.validated_risk_weighs_more import weight_of
from shared.contracts.inspection import ViolationKind

HALF_LIFE = timedelta(days=180)
# After six half-lives a signal has less than 2 % of its weight left and is no longer looked at.
REMEMBERED = 6 * HALF_LIFE

# A violation weighs 1 unless it is named here.
_WEIGHTS: Mapping[str, float] = {
    ViolationKind.VERIFICATION_LAPSED: 0.5,
    ViolationKind.CONFORMITY_MARK_MISSING: 0.7,
    ViolationKind.CONFORMITY_NOT_DECLARED: 0.7,
    ViolationKind.CERTIFICATE_SUPERSEDED: 0.7,
    ViolationKind.LABEL_INCOMPLETE: 0.5,
    COMPLAINT: 0.3,
    FOREIGN_ALERT: 0.5,
    CONFIRMED_MATCH: 0.5,
}
# How many fresh violations of one product in the whole country make its risk half of what it can become.
_PRODUCT_HALFWAY = 20.0
# How much of what a site's own record leaves open its product can add.
_PRODUCT_SHARE = 0.25


def load(signals: Signals, on: date) -> float:
    """Return the weight left on the day ``on`` of the signals up to it.

    ``fsum`` rounds once, so the order of the signals plays no part.
    """
    return math.fsum(
        times * _weight(kind, day) * 2.0 ** -((on - day) / HALF_LIFE)
        for (kind, day), times in signals.items()
        if timedelta(0) <= on - day <= REMEMBERED
    )


def _weight(kind: str, day: date) -> float:
    return weight_of(VALIDATED[kind], day) if kind in VALIDATED else _WEIGHTS.get(kind, 1.0)


def score(site: float, product: float = 0.0) -> Decimal:
    """Return the risk (0 to below 1, two decimals) for the loads of a site and of a product: 0.50 for one fresh violation."""
    own = site / (1.0 + site)
    return Decimal(f"{own + (1.0 - own) * _PRODUCT_SHARE * share_of_product(product):.2f}")


def share_of_product(product: float) -> float:
    """Return how far (0 to below 1) the load of a product has come to what it can become."""
    return product / (_PRODUCT_HALFWAY + product)
