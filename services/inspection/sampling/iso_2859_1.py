"""The single sampling plans of ISO 2859-1, normal inspection, general inspection level II.

Typed from memory, and only the acceptance numbers that were needed: whatever rests on them is marked as not verified.
"""

from __future__ import annotations

from decimal import Decimal

from services.inspection.sampling.operating_characteristic import SamplingPlan

# Lots up to this size -> code letter and size of the sample.
_LETTERS = (
    (8, "A", 2),
    (15, "B", 3),
    (25, "C", 5),
    (50, "D", 8),
    (90, "E", 13),
    (150, "F", 20),
    (280, "G", 32),
    (500, "H", 50),
    (1_200, "J", 80),
    (3_200, "K", 125),
    (10_000, "L", 200),
    (35_000, "M", 315),
    (150_000, "N", 500),
    (500_000, "P", 800),
    (10_000_000, "Q", 1_250),
)
# AQL in percent -> acceptance number by code letter.
_ACCEPT = {
    Decimal("1.0"): {"H": 1, "J": 2, "K": 3, "L": 5, "M": 7},
    Decimal("2.5"): {"H": 3, "J": 5, "K": 7, "L": 10, "M": 14},
}


def standard_plan(lot: int, aql: Decimal) -> SamplingPlan | None:
    """Return the plan for a lot and an AQL in percent, or nothing where its acceptance number is not known here."""
    letter, size = next((letter, size) for up_to, letter, size in _LETTERS if lot <= up_to)
    accept = _ACCEPT.get(aql, {}).get(letter)
    return None if accept is None else SamplingPlan(size=size, accept=accept, lot=lot)
