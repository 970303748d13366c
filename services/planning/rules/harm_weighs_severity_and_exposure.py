"""How much harm a violation does: how badly it hurts, times how many people it reaches.

Both are judgement, from 1 to 4, and no legal figures: they order visits and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from shared.contracts.vocabulary import ProductGroup


class Harm(NamedTuple):
    """``severity``: 1 money, 2 much money or slight injury, 3 injury, 4 danger to life. ``exposure``: 1 few, 4 a whole town."""

    severity: int
    exposure: int

    @property
    def weight(self) -> int:
        """The harm of one violation: each step of severity counts double."""
        return int(2 ** (self.severity - 1)) * self.exposure


_OTHERWISE = Harm(2, 2)
_HARM: Mapping[ProductGroup, Harm] = {
    ProductGroup.PETROL: Harm(2, 4),
    ProductGroup.DIESEL: Harm(2, 4),
    ProductGroup.LPG: Harm(4, 3),
    ProductGroup.FUEL_DISPENSER: Harm(2, 4),
    ProductGroup.SCALE: Harm(1, 3),
    ProductGroup.ELECTRICITY_METER: Harm(1, 4),
    ProductGroup.WATER_METER: Harm(1, 4),
    ProductGroup.PREPACKAGED: Harm(1, 4),
    ProductGroup.HELMET: Harm(4, 3),
    ProductGroup.TOY: Harm(3, 3),
    ProductGroup.ELECTRICAL: Harm(4, 3),
    ProductGroup.STEEL: Harm(3, 2),
    ProductGroup.GOLD: Harm(2, 2),
    ProductGroup.VEHICLE: Harm(4, 3),
    ProductGroup.FOOD: Harm(3, 4),
    ProductGroup.MEDICAL: Harm(4, 2),
    ProductGroup.CHEMICAL: Harm(3, 2),
    ProductGroup.TEXTILE: Harm(1, 3),
}


def harm_of(group: ProductGroup) -> Harm:
    """Return the harm that a violation in ``group`` does."""
    return _HARM.get(group, _OTHERWISE)
