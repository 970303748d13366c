"""The choice of a month's visits: what is asked for, what could be visited, and what was chosen."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, NamedTuple

import msgspec

from services.planning.model.risk import Signals
from services.planning.rules.violation_rate_shrinks_to_its_group import Tally
from shared.contracts.vocabulary import Product, ProvinceCode, Site, check_province
from shared.kernel.deadlines import add_months
from shared.kernel.provinces import province_on

# What is remembered of the days of a site's product, beside the kinds of its signals. Stored: never rename a value.
VISITED = "visited"
FOUND = "found"

_Visits = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class Capacity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many visits each province can make in a month; ``otherwise`` is for provinces that are not named."""

    provinces: dict[ProvinceCode, _Visits] = {}
    otherwise: _Visits = 0

    def __post_init__(self) -> None:
        for code in self.provinces:
            check_province(code)


class CapacityPlan(Capacity, frozen=True, kw_only=True):
    """The capacity of every month, and of ``months`` (as 2025-02) in which it is another."""

    months: dict[str, Capacity] = {}

    def __post_init__(self) -> None:
        super().__post_init__()
        for month in self.months:
            first_day(month)

    def of(self, month: str) -> Capacity:
        """Return the capacity of a month."""
        return self.months.get(month) or Capacity(provinces=self.provinces, otherwise=self.otherwise)


class SelectionOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which month to choose visits for, and how many each province can make; ``seed`` draws the random tenth."""

    month: str
    capacity: Capacity
    seed: int = 1

    def __post_init__(self) -> None:
        first_day(self.month)
        if not self.capacity.otherwise and not any(self.capacity.provinces.values()):
            raise ValueError("no province can make a visit: give provinces with numbers, or otherwise")
        for code in self.capacity.provinces:
            if (now := province_on(code, self.day)) != code:
                raise ValueError(f"in {self.month} province {code!r} is a part of {now!r}: add its visits to that one's")

    @property
    def day(self) -> date:
        """The first day of the month: nothing of that day or later is looked at."""
        return first_day(self.month)

    @property
    def not_after(self) -> date:
        """The last day of the month."""
        return add_months(self.day, 1) - date.resolution

    def capacity_of(self, province: str) -> int:
        """Return how many visits ``province`` can make."""
        return self.capacity.provinces.get(province, self.capacity.otherwise)


def first_day(month: str) -> date:
    """Return the first day of a month written as 2025-04; raise ``ValueError`` for anything else."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", month):
        raise ValueError(f"{month[:20]!r} is no month; one is written 2025-04")
    return date.fromisoformat(f"{month}-01")


class Candidate(NamedTuple):
    """A site's product that could be visited, and what is expected of a visit.

    ``rate`` is the chance that it finds a violation, ``group_rate`` that of its group in the province; ``signals`` are
    those of the site's product, ``elsewhere`` those of the product in the whole country.
    """

    site: Site
    product: Product
    product_id: str
    own: Tally
    group_rate: float
    rate: float
    severity: int
    exposure: int
    expected_harm: float
    signals: Signals
    elsewhere: Signals

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the others."""
        return self.site.id, self.product_id

    @property
    def target(self) -> str:
        """The key as one text, which no two share."""
        return "\x1f".join(self.key)


class Choice(NamedTuple):
    """A visit that was chosen; ``rank`` counts from 1 in its province."""

    candidate: Candidate
    rank: int
    at_random: bool
