"""Which blend with biofuel a fuel is sold as: E5 and E10 are petrol with ethanol, B5 is diesel with methyl esters."""

from __future__ import annotations

import re

from shared.contracts.vocabulary import Product, ProductGroup

_BLENDS = {
    ProductGroup.PETROL: re.compile(r"\bE(?:5|10)\b", re.IGNORECASE),
    ProductGroup.DIESEL: re.compile(r"\bB5\b", re.IGNORECASE),
}


def blend_of(product: Product) -> str:
    """Return ``E5``, ``E10`` or ``B5`` as the product's name says; nothing for unblended fuel and for other goods."""
    pattern = _BLENDS.get(product.group)
    found = pattern.search(product.name) if pattern else None
    return found[0].upper() if found else ""
