"""The organisation: units, what they belong to and where they work, each from a day to a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, NamedTuple

import msgspec

from shared.contracts.vocabulary import ProvinceCode, Text
from shared.kernel.provinces import CODES, provinces_on, spans

_Code = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[^\s\x00-\x1f]([^\x00-\x1f]*[^\s\x00-\x1f])?$(?!\n)")]


class UnitKind(StrEnum):
    """What a unit is. Stands in files: never rename a value."""

    AUTHORITY = "authority"  # the national authority
    DEPARTMENT = "department"  # its departments, institutes and centres
    SUB_DEPARTMENT = "sub_department"  # chi cục of a province
    TBT_OFFICE = "tbt_office"
    TBT_POINT = "tbt_point"
    PARTNER = "partner"  # of another authority: it co-operates


class Name(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a unit is called."""

    vi: Text
    en: Text


class Unit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A unit as it stands from ``valid_from`` to ``valid_to``, both included; without one, since ever or until further notice.

    The same ``code`` may stand again from the next day on, with another name, parent or province. ``into`` is the unit that
    has its duties since it ended. What is not ``verified`` against its ``source`` is shown as such.
    """

    code: _Code
    kind: UnitKind
    name: Name
    parent: str = ""
    province: ProvinceCode = ""
    valid_from: date | None = None
    valid_to: date | None = None
    into: str = ""
    source: str = ""
    verified: bool = True

    @property
    def first(self) -> date:
        """The first day, the earliest there is where it has none."""
        return self.valid_from or date.min

    @property
    def last(self) -> date:
        """The last day, the latest there is where it has none."""
        return self.valid_to or date.max

    def stands_on(self, day: date) -> bool:
        """Tell whether the unit is there on ``day``."""
        return self.first <= day <= self.last


class Entry(NamedTuple):
    """A unit and the JSON pointer of the entry that it comes from."""

    unit: Unit
    pointer: str


class Objection(NamedTuple):
    """What is wrong with an entry, and what to do."""

    entry: Entry
    text: str


class Organisation:
    """All units over time. ``is_sample`` tells that it is the one that comes with the project, not an authority's own."""

    def __init__(self, entries: Iterable[Entry], *, is_sample: bool = False) -> None:
        self.entries = tuple(entries)
        self.is_sample = is_sample
        self._by_code: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            self._by_code[entry.unit.code].append(entry)

    def find(self, code: str, day: date) -> Unit | None:
        """Return a unit as it stands on ``day``, None where it does not."""
        return next((entry.unit for entry in self._by_code.get(code, ()) if entry.unit.stands_on(day)), None)

    def terms(self, code: str) -> list[Unit]:
        """Return every state of a unit over time, in the order of the file."""
        return [entry.unit for entry in self._by_code.get(code, ())]

    def on(self, day: date) -> list[Unit]:
        """Return the units of a day, each after the one it belongs to."""
        below: defaultdict[str, list[Unit]] = defaultdict(list)
        for entry in self.entries:
            if entry.unit.stands_on(day):
                below[entry.unit.parent].append(entry.unit)
        return list(_walk(below, ""))

    def objections(self) -> Iterator[Objection]:
        """Yield what keeps the units from being an organisation on every day."""
        for entry in self.entries:
            yield from self._objections_to(entry)
        for code, entries in self._by_code.items():
            for before, after in pairwise(entries):
                if before.unit.valid_to is None or after.unit.valid_from != before.unit.valid_to + date.resolution:
                    until = before.unit.valid_to or "an open end"
                    yield Objection(
                        after,
                        f"{code} stands up to {until} and again from {after.unit.valid_from or 'the beginning'}: "
                        "let each of its entries begin on the day after the one before it ended",
                    )
        yield from self._circles()

    def _objections_to(self, entry: Entry) -> Iterator[Objection]:
        unit = entry.unit
        if unit.last < unit.first:
            yield Objection(entry, f"{unit.code} ends on {unit.last} before it begins on {unit.first}: put the days in order")
            return
        if unit.parent and unit.parent not in self._by_code:
            yield Objection(entry, f"{unit.code} belongs to {unit.parent}, which is no unit: add it, or correct the parent")
        elif unit.parent and (gap := self._first_day_without(unit.parent, unit.first, unit.last)):
            yield Objection(
                entry,
                f"{unit.code} belongs to {unit.parent}, which does not stand on {gap}: "
                "let it end, or let the other stand as long",
            )
        if unit.province:
            yield from _objections_to_province(entry)
        if unit.into and unit.valid_to is None:
            yield Objection(entry, f"{unit.code} goes into {unit.into} but has no end: give valid_to, or leave out into")
        elif unit.into and unit.valid_to and not self.find(unit.into, unit.valid_to + date.resolution):
            yield Objection(
                entry, f"{unit.code} goes into {unit.into}, which does not stand on the day after: add it, or correct into"
            )

    def _first_day_without(self, code: str, first: date, last: date) -> date | None:
        day = first
        for unit in sorted(self.terms(code), key=lambda term: term.first):
            if unit.first <= day <= unit.last:
                if unit.last >= last:
                    return None
                day = unit.last + date.resolution
        return day

    def _circles(self) -> Iterator[Objection]:
        """Yield one entry of every circle; a circle stands on the first day of one of its entries."""
        told: set[str] = set()
        for entry in self.entries:
            path: list[str] = []
            unit: Unit | None = entry.unit
            while unit is not None and unit.code not in path:
                path.append(unit.code)
                unit = self.find(unit.parent, entry.unit.first)
            if unit is not None and unit.code == entry.unit.code and not told & set(path):
                told |= set(path)
                yield Objection(entry, f"{' belongs to '.join([*path, path[0]])}: a circle; take one of these parents out")


def _objections_to_province(entry: Entry) -> Iterator[Objection]:
    unit = entry.unit
    if unit.province not in CODES:
        yield Objection(entry, f"{unit.code} works in {unit.province!r}, which is no province; '01', for example, is Hà Nội")
    elif unit.province not in provinces_on(unit.last):
        end = spans(unit.province)[-1][1]
        yield Objection(entry, f"{unit.code} works in {unit.province!r}, which ended on {end}: give it valid_to: {end}")


def _walk(below: dict[str, list[Unit]], code: str) -> Iterator[Unit]:
    for unit in below.get(code, ()):
        yield unit
        yield from _walk(below, unit.code)
