"""How alike two products or two sites are, in parts that a person can follow.

Of five alerts only one names a barcode, and names cross languages badly: brand, model, category and origin must do. The weights
and the threshold are judgement, not law; a match is only ever a suggestion.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from babel import Locale
from rapidfuzz import fuzz

from services.inspection.registers.numbers import gtins, tax_code
from shared.contracts.vocabulary import Product, ProductGroup, Site

# From this score on a match is suggested.
SUGGESTED_FROM = 75

# The same GTIN or tax code says nearly everything; the rest can only confirm it.
_SAME_NUMBER = 95
# Two GTINs of one company prefix: whatever the brands are called, one company gave them out.
_SAME_COMPANY = 90

_PRODUCT_WEIGHTS = {"brand": 30, "model": 45, "category": 15, "origin": 10}
_SITE_WEIGHTS = {"name": 60, "address": 40}
_NUMBER_WEIGHT = 20

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
_LONGEST_MARK = 40
_MOST_COMPARED = 300  # characters of a name: to compare two takes time that grows with the square of their length
_SHORTEST_MODEL = 3
_BRAND_BEGINS, _SITE_BEGINS, _SITE_ENDS = 5, 16, 8
_MOST_WORDS = 30


class Likeness(NamedTuple):
    """A score from 0 to 100 and its parts; a part is None where one side does not state it."""

    score: int
    parts: dict[str, int | None]


class ProductTraits(NamedTuple):
    """What of a product is compared."""

    gtins: frozenset[str]
    companies: frozenset[str]
    brand: str
    model: str
    name: str
    category: str
    origin: str


class SiteTraits(NamedTuple):
    """What of a site is compared."""

    tax_code: str
    name: str
    address: str
    province: str


def folded(text: str) -> str:
    """Return the words of ``text`` without accents, case, punctuation or doubled blanks: what people mean to be the same."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = "".join(one for one in text if not unicodedata.combining(one)).replace("đ", "d")
    return " ".join(_WORD.findall(text.lower()))


def _compared(text: str) -> str:
    return folded(text)[:_MOST_COMPARED]


def words(*texts: str) -> list[str]:
    """Return the words of ``texts``, each once, as rows are found by them."""
    found = dict.fromkeys(word[:_LONGEST_MARK] for text in texts for word in folded(text).split())
    return list(found)[:_MOST_WORDS]


def traits_of(product: Product) -> ProductTraits:
    """Return what of a product is compared."""
    return _product_traits(product.group, product.name, product.brand, product.model, product.gtin, product.origin)


@lru_cache(maxsize=8192)
def _product_traits(group: ProductGroup, name: str, brand: str, model: str, gtin: str, origin: str) -> ProductTraits:
    found = gtins(gtin)
    return ProductTraits(
        gtins=frozenset(found.numbers),
        companies=frozenset(found.companies),
        brand=_compared(brand),
        model=_compared(model),
        name=_compared(name),
        category="" if group is ProductGroup.OTHER else str(group),
        origin=_countries().get(folded(origin), ""),
    )


@lru_cache(maxsize=8192)
def site_traits(site: Site) -> SiteTraits:
    """Return what of a site is compared."""
    return SiteTraits(tax_code(site.tax_code).digits, _compared(site.name), _compared(site.address), site.province)


def product_marks(traits: ProductTraits) -> list[str]:
    """Return by what a product is found when something like it is looked for: number, company, brand, model.

    Of the brand it is how it begins, and the numbers in it.
    """
    marks = [f"gtin:{one}" for one in traits.gtins] + [f"company:{one}" for one in traits.companies]
    brand, model = traits.brand.replace(" ", ""), traits.model.replace(" ", "")
    if brand:
        numbers = "".join(_NUMBER.findall(brand[_BRAND_BEGINS:]))
        marks.append(f"brand:{brand[:_BRAND_BEGINS]}{numbers}"[:_LONGEST_MARK])
    if len(model) >= _SHORTEST_MODEL:
        marks.append(f"model:{model[:_LONGEST_MARK]}")
    return marks


def site_marks(traits: SiteTraits) -> list[str]:
    """Return by what a site is found: its tax code, and how its name begins and ends, within its province.

    With the beginning goes the first number in the name: shops of a chain differ in nothing else.
    """
    name = traits.name.replace(" ", "")
    number = _NUMBER.search(name)
    marks = [f"tax:{traits.tax_code}"] if traits.tax_code else []
    if name:
        marks += [
            f"begins:{traits.province}:{name[:_SITE_BEGINS]}:{number[0][:_SITE_ENDS] if number else ''}",
            f"ends:{traits.province}:{name[-_SITE_ENDS:]}",
        ]
    return marks


@lru_cache(maxsize=65_536)
def products_alike(one: ProductTraits, other: ProductTraits) -> Likeness:
    """Compare two products."""
    same_number = _same(one.gtins, other.gtins)
    brand = _alike(one.brand, other.brand)
    if one.companies & other.companies:
        brand = max(brand or 0, _SAME_COMPANY)
    parts = {
        "gtin": same_number,
        "brand": brand,
        "model": _alike(one.model, other.model) if one.model and other.model else _named_alike(one, other),
        "category": _same(one.category, other.category),
        "origin": _same(one.origin, other.origin),
    }
    return Likeness(_score(parts, "gtin", _PRODUCT_WEIGHTS), parts)


def sites_alike(one: SiteTraits, other: SiteTraits) -> Likeness:
    """Compare two sites."""
    parts = {
        "tax_code": _same(one.tax_code, other.tax_code),
        "name": _alike(one.name, other.name),
        "address": _alike(one.address, other.address),
    }
    return Likeness(_score(parts, "tax_code", _SITE_WEIGHTS), parts)


def _score(parts: dict[str, int | None], number: str, weights: dict[str, int]) -> int:
    """Return the weighted mean; what one side does not state is no agreement, and halves what it could have added."""
    reached = whole = 0
    for name, weight in weights.items():
        part = parts[name]
        reached += 0 if part is None else 2 * weight * part
        whole += weight if part is None else 2 * weight
    same = parts[number]
    if same is not None:
        reached += 2 * _NUMBER_WEIGHT * same
        whole += 2 * _NUMBER_WEIGHT
    mean = reached // whole
    return max(mean, _SAME_NUMBER) if same else mean


def _same(one: frozenset[str] | str, other: frozenset[str] | str) -> int | None:
    if not one or not other:
        return None
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return 100 if one & other else 0
    return 100 if one == other else 0


def _alike(one: str, other: str) -> int | None:
    """Compare two names; numbers are names too: RON 92 is not RON 95, however alike they look."""
    if not one or not other:
        return None
    if one == other:
        return 100
    close = int(max(fuzz.token_sort_ratio(one, other), fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))))
    numbers, others = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    return close if numbers <= others or others <= numbers else close // 2


def _named_alike(one: ProductTraits, other: ProductTraits) -> int | None:
    """Compare products of which one has no model: by all that both are called."""
    return int(fuzz.token_set_ratio(f"{one.name} {one.model}", f"{other.name} {other.model}"))


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Return the codes of countries by their names in English and Vietnamese, and by themselves."""
    return {
        folded(name): code
        for language in ("en", "vi")
        for code, territory in Locale(language).territories.items()
        if len(code) == len("VN")
        for name in (territory, code)
    }
