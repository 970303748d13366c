"""Sample sites in the provinces of their day: many where many people live, and some that need looking at more than others.

A site lies in one of the 63 provinces that there were until 30 June 2025; from 1 July it names the one of the 34 that this became
part of.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import chain, repeat
from random import Random
from typing import Any, NamedTuple, TypeVar

import msgspec

from shared.contracts.envelope import Data
from shared.contracts.vocabulary import Site
from shared.kernel.deadlines import local_day
from shared.kernel.provinces import MERGED, parts_of, province_on, provinces_on

# How much of the country's trade a province has: its people in hundreds of thousands, roughly.
_WEIGHTS = {
    "01": 88, "04": 5, "08": 18, "11": 6, "12": 5, "14": 13, "15": 17, "19": 17, "20": 8, "22": 14, "24": 36, "25": 40,
    "31": 46, "33": 35, "37": 44, "38": 43, "40": 38, "42": 16, "44": 18, "46": 14, "48": 30, "51": 21, "52": 35, "56": 22,
    "66": 33, "68": 38, "75": 44, "79": 140, "80": 32, "82": 43, "86": 42, "91": 49, "92": 41, "96": 26,
}  # fmt: skip
_BEFORE = MERGED - date.resolution
_CODES = tuple(chain.from_iterable(repeat(code, weight) for code, weight in _WEIGHTS.items()))

# Every eleventh site breaks rules about four times as often as the others; on average the factor is 1.
_CARELESS, _CARELESS_FACTOR, _CAREFUL_FACTOR = 11, 3.2, 0.78


D = TypeVar("D", bound=Data)


class Place(NamedTuple):
    """A site and how much more often than average something is wrong there."""

    site: Site
    factor: float


class Sites:
    """The sites of one trade: ``each`` of them for every hundred thousand people."""

    def __init__(self, prefix: str, name: str, each: float) -> None:
        self._prefix = prefix
        self._name = name
        self._count = {code: max(3, round(weight * each)) for code, weight in _WEIGHTS.items()}
        self._site = lru_cache(maxsize=4096)(self._make)

    def pick(self, rng: Random) -> Place:
        """Return a site; those with low numbers are met more often."""
        code = _CODES[int(rng.random() * len(_CODES))]
        return self._site(code, 1 + int(rng.random() ** 1.5 * self._count[code]))

    def _make(self, code: str, number: int) -> Place:
        province = part_of(code, number)
        site = Site(
            id=f"SAMPLE-{self._prefix}-{code}-{number:04}",
            name=f"{self._name} {number} ({provinces_on(_BEFORE)[province].vi})",
            province=province,
        )
        return Place(site, _CARELESS_FACTOR if number % _CARELESS == 0 else _CAREFUL_FACTOR)


def part_of(code: str, number: int) -> str:
    """Return the former province in which the ``number``-th sample of one of the 34 lies."""
    parts = parts_of(code)
    return parts[number % len(parts)]


def on_its_day(data: D) -> D:
    """Return a fact that names the provinces of its own day."""
    day = local_day(data.observed_at)
    if day < MERGED:
        return data
    changed: dict[str, Any] = {}
    for name in ("site", "importer"):
        site = getattr(data, name, None)
        if site is not None and (now := province_on(site.province, day)) != site.province:
            changed[name] = msgspec.structs.replace(site, province=now)
    was = getattr(data, "unit_province", "")
    if (now := province_on(was, day)) != was:
        changed |= {"unit": unit_of(now), "unit_province": now}
    return msgspec.structs.replace(data, **changed) if changed else data


def unit_of(province: str) -> str:
    """Return the id of a province's sub-department."""
    return f"SAMPLE-UNIT-{province}"
