"""The organisation as it stands on a day."""

from __future__ import annotations

from datetime import date

import msgspec

from shared.kernel.provinces import parts_of, provinces_on
from shared.organisation import Organisation, Unit


class ProvinceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A province of the day; ``parts`` are the codes of the former ones that lie in it, its own among them."""

    code: str
    vi: str
    en: str
    parts: tuple[str, ...]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Provinces and units of one day; ``sample`` tells that the units are those that come with the project."""

    on: date
    sample: bool
    provinces: list[ProvinceLine]
    units: list[Unit]


def chart(organisation: Organisation, day: date) -> Chart:
    """Return the provinces and units of ``day``, each unit after the one it belongs to."""
    return Chart(
        on=day,
        sample=organisation.is_sample,
        provinces=[
            ProvinceLine(code=code, vi=one.vi, en=one.en, parts=parts_of(code, day)) for code, one in provinces_on(day).items()
        ],
        units=organisation.on(day),
    )
