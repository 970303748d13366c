"""How alike two products or two sites are, and what people mean to be the same."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inspection.registers.likeness import (
    SUGGESTED_FROM,
    folded,
    product_marks,
    products_alike,
    site_marks,
    site_traits,
    sites_alike,
    traits_of,
    words,
)
from shared.contracts.vocabulary import Product, ProductGroup, Site

GTIN, OTHER_GTIN, FOREIGN_GTIN = "9521234567899", "9521234567882", "9529876543219"  # 952: the prefix GS1 keeps for examples
TOY: dict[str, Any] = {
    "group": ProductGroup.TOY,
    "name": "Búp bê mẫu",
    "brand": "Sample Toys",
    "model": "BX-150",
    "origin": "China",
}


def product(**changes: Any) -> Product:
    """Return a toy with some facts changed."""
    return Product(**{**TOY, **changes})


def score(**changes: Any) -> int:
    """Return how alike the toy is to itself with some facts changed."""
    return products_alike(traits_of(product()), traits_of(product(**changes))).score


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """What is folded has one form only: words of letters and digits with one blank between them."""
    once = folded(text)
    assert folded(once) == once
    assert once == " ".join(once.split())
    assert not any(unicodedata.combining(one) for one in once)


@given(st.lists(st.sampled_from(["Đồ", "chơi", "Trẻ", "EM", "nhựa", "Ưu", "việt"]), min_size=1), st.sampled_from(["NFC", "NFD"]))
def test_accents_case_and_spacing_are_the_same(parts: list[str], form: Any) -> None:
    """However a clerk types a Vietnamese name, composed or not, with blanks or hyphens, it is the same name."""
    typed = unicodedata.normalize(form, "  " + " - ".join(parts).upper())
    assert folded(typed) == folded(" ".join(parts).lower())


def test_vietnamese_letters_become_plain_ones() -> None:
    """The đ too, which no normal form takes apart."""
    assert folded("Cột đo XĂNG dầu – Đà Nẵng") == "cot do xang dau da nang"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 100),
        ({"brand": "SAMPLE  TOYS"}, 100),
        ({"model": "bx 150"}, 100),
        ({"origin": "Trung Quốc"}, 100),
        ({"origin": "Việt Nam"}, 90),
        ({"group": ProductGroup.ELECTRICAL}, 85),
        ({"group": ProductGroup.OTHER}, 91),
        ({"brand": ""}, 82),
        ({"brand": "", "origin": ""}, 75),
    ],
)
def test_what_a_part_weighs(changes: dict[str, Any], expected: int) -> None:
    """A part that differs costs its whole weight, one that is not stated half of it."""
    assert score(**changes) == expected


def test_the_threshold_lies_between_two_neighbours() -> None:
    """Model and category alone are just enough; with another origin they are not."""
    assert score(brand="", origin="") == SUGGESTED_FROM
    assert score(brand="", origin="Việt Nam") < SUGGESTED_FROM


def test_numbers_in_names_are_names() -> None:
    """Another number is another model, however alike the two look; a number that is only added is not."""
    assert score(model="BX-151") < SUGGESTED_FROM < score(model="BX-150 Deluxe 2025", brand="Sample Toys")


def test_the_same_gtin_is_nearly_everything() -> None:
    """Whatever the words are; and two GTINs that differ are shown and cost, but do not decide."""
    one = traits_of(product(gtin=GTIN))
    same = products_alike(one, traits_of(Product(group=ProductGroup.FOOD, name="Khác hẳn", brand="Khác", model="Z9", gtin=GTIN)))
    assert same.score == 95
    assert (same.parts["gtin"], same.parts["category"], same.parts["origin"]) == (100, 0, None)
    other = products_alike(one, traits_of(product(gtin=FOREIGN_GTIN)))
    assert other.parts["gtin"] == 0
    assert other.score == 83


def test_one_company_prefix_is_one_brand() -> None:
    """GS1 gave it to one company, whatever its brands are called."""
    one, other = traits_of(product(gtin=GTIN)), traits_of(product(brand="Khác", gtin=OTHER_GTIN))
    assert products_alike(one, other).parts["brand"] == 90


@given(st.builds(product, brand=st.text(max_size=20), model=st.text(max_size=20), origin=st.sampled_from(["", "China", "Đức"])))
def test_likeness_has_no_direction(other: Product) -> None:
    """A is as alike to B as B to A, between 0 and 100."""
    one, two = traits_of(product()), traits_of(other)
    assert products_alike(one, two) == products_alike(two, one)
    assert 0 <= products_alike(one, two).score <= 100


@given(st.builds(product, brand=st.text(max_size=20), model=st.text(max_size=20), gtin=st.sampled_from(["", GTIN, "unknown"])))
def test_a_product_finds_itself(one: Product) -> None:
    """Whatever has a brand, a model or a GTIN has a mark, and marks fit into an index."""
    marks = product_marks(traits_of(one))
    assert len(marks) == len(set(marks))
    assert all(len(mark) < 60 for mark in [*marks, *words(one.name, one.brand, one.model)])


def test_sites_of_one_tax_code_or_one_name() -> None:
    """The tax code says nearly everything; without it the name must be the same, or the address agree."""
    shop = Site(id="A", name="Cửa hàng mẫu số 12", province="46", address="1 Lê Lợi, Huế", tax_code="0100109106")
    branch = Site(id="B", name="Tên khác", province="46", tax_code="0100 109 106")
    assert sites_alike(site_traits(shop), site_traits(branch)).score == 95
    named = Site(id="C", name="CUA HANG MAU SO 12", province="46")
    assert sites_alike(site_traits(shop), site_traits(named)).score == SUGGESTED_FROM
    neighbour = Site(id="D", name="Cửa hàng mẫu số 13", province="46", address="1 Lê Lợi, Huế")
    assert sites_alike(site_traits(shop), site_traits(neighbour)).score < SUGGESTED_FROM
    assert set(site_marks(site_traits(shop))) & set(site_marks(site_traits(named)))
    assert not set(site_marks(site_traits(shop))) & set(site_marks(site_traits(neighbour)))


def test_names_of_absurd_length_are_compared_by_their_beginnings() -> None:
    """To compare two takes time that grows with the square of their length: some hundred such alerts held up all else."""
    endless = "Đồ chơi mẫu 12 " * 600
    traits = traits_of(product(brand=endless, model=endless))
    assert max(map(len, (traits.brand, traits.model, traits.name))) <= 300
    shop = site_traits(Site(id="A", name="Cửa hàng mẫu", province="46", address=endless))
    assert len(shop.address) <= 300
