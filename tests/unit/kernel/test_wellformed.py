"""What comes from outside is made typed, and what is wrong is told with what would be right."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec
import pytest

from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import read_query


class Colour(StrEnum):
    """Two of them."""

    RED = "red"
    BLUE = "blue"


class Query(msgspec.Struct, forbid_unknown_fields=True):
    """An address may ask so."""

    colour: Colour | None = None
    day: date | None = None
    form: Literal["json", "csv"] = "json"
    limit: int = 1


def test_texts_are_read_as_what_they_stand_for() -> None:
    """Everything in an address is text."""
    query = read_query({"colour": "blue", "day": "2025-07-01", "form": "csv", "limit": "5"}, Query)
    assert query == Query(Colour.BLUE, date(2025, 7, 1), "csv", 5)


@pytest.mark.parametrize(
    ("given", "pointer", "told"),
    [
        ({"colour": "green"}, "/colour", "red, blue"),
        ({"day": "July"}, "/day", "2025-07-01"),
        ({"form": "xml"}, "/form", "json, csv"),
        ({"limit": "x"}, "/limit", "int"),
        ({"color": "red"}, "", "color"),
    ],
)
def test_a_wrong_argument_is_told_what_it_may_be(given: dict[str, str], pointer: str, told: str) -> None:
    """With the pointer to it, so that nobody has to look it up."""
    with pytest.raises(InvalidInput) as error:
        read_query(given, Query)
    assert error.value.pointer == pointer
    assert told in error.value.detail
