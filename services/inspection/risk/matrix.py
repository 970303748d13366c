"""The RAPEX matrix: from the probability and the severity of a harm to its risk level, and by how many items are in use.

The matrix is Table 4 of Decision (EU) 2019/417 as the United Kingdom's PRISM method holds it, and so is the correction (both
read in the published source of its product safety database). That source takes the row from 1/p rounded to a whole number;
here p itself is compared, so that 0.6 lies above one half and 0.01002 above one hundredth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from shared.contracts.vocabulary import RiskLevel

METHOD = "Quyết định (EU) 2019/417, Bảng 4; phương pháp PRISM (OPSS)"

_LOW, _MEDIUM, _HIGH, _SERIOUS = ORDER = (RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH, RiskLevel.SERIOUS)

# Rows from the most probable: a row holds for what is more probable than its bound. The levels are those of severity 1 to 4.
ROWS: Sequence[tuple[Fraction, tuple[RiskLevel, RiskLevel, RiskLevel, RiskLevel]]] = (
    (Fraction(1, 2), (_HIGH, _SERIOUS, _SERIOUS, _SERIOUS)),
    (Fraction(1, 10), (_MEDIUM, _SERIOUS, _SERIOUS, _SERIOUS)),
    (Fraction(1, 100), (_MEDIUM, _SERIOUS, _SERIOUS, _SERIOUS)),
    (Fraction(1, 1_000), (_LOW, _HIGH, _SERIOUS, _SERIOUS)),
    (Fraction(1, 10_000), (_LOW, _MEDIUM, _HIGH, _SERIOUS)),
    (Fraction(1, 100_000), (_LOW, _LOW, _MEDIUM, _HIGH)),
    (Fraction(1, 1_000_000), (_LOW, _LOW, _LOW, _MEDIUM)),
    (Fraction(0), (_LOW, _LOW, _LOW, _LOW)),
)

# Up to so many items in use (none: however many), low, medium, high and serious become these.
CLASSES: Sequence[tuple[int | None, tuple[RiskLevel, RiskLevel, RiskLevel, RiskLevel]]] = (
    (100_000, (_LOW, _MEDIUM, _HIGH, _SERIOUS)),
    (500_000, (_MEDIUM, _HIGH, _HIGH, _SERIOUS)),
    (1_000_000, (_MEDIUM, _HIGH, _SERIOUS, _SERIOUS)),
    (None, (_HIGH, _SERIOUS, _SERIOUS, _SERIOUS)),
)

_RANK: Mapping[RiskLevel, int] = {level: rank for rank, level in enumerate((RiskLevel.NOT_STATED, *ORDER))}


def row_of(probability: Fraction) -> int | None:
    """Return the place of a probability's row, nothing for what cannot happen."""
    return next((place for place, (bound, _) in enumerate(ROWS) if probability > bound), None)


def class_of(items_in_use: int) -> int:
    """Return the place of the class that so many items in use fall in."""
    return next(place for place, (up_to, _) in enumerate(CLASSES) if up_to is None or items_in_use <= up_to)


def level_at(row: int | None, severity: int, items: int) -> RiskLevel:
    """Return the level in a row of the matrix, corrected by a class of items in use; what cannot happen is low."""
    if row is None:
        return RiskLevel.LOW
    return CLASSES[items][1][ORDER.index(ROWS[row][1][severity - 1])]


def worst(levels: Iterable[RiskLevel]) -> RiskLevel:
    """Return the gravest of some levels; one that is not stated is less than any."""
    return max(levels, key=_RANK.__getitem__)
