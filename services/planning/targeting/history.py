"""Past inspections from a CSV file, and the column mapping that tells what its columns mean."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from shared.kernel.errors import InvalidInput
from shared.typed_files import read_toml

_Column = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every part of a mapping: a misspelt name is an error, not a default."""


class Feature(_Part, frozen=True, kw_only=True):
    """Columns that say something before the visit, all read in the same way.

    ``any``: 1 where the number is above 0. ``number`` and ``logarithm`` (of 1 + number): no more than ``most``.
    ``years``: grows by itself, so it is taken back from the visit to the day on which the list is drawn up.
    ``category``: one weight a value. ``record``: what was found before wherever the column has the same value.
    ``absent`` is what stands for an unknown value beside an empty cell.
    """

    columns: Annotated[list[_Column], msgspec.Meta(min_length=1)]
    as_: Literal["any", "number", "logarithm", "years", "category", "record"] = msgspec.field(name="as")
    most: Annotated[float, msgspec.Meta(gt=0)] | None = None
    absent: str = ""
    from_last_visit: bool = False


class Mapping(_Part, frozen=True, kw_only=True):
    """What the columns of a file of past inspections mean."""

    name: str
    date: _Column
    id: _Column
    found: _Column
    features: Annotated[list[Feature], msgspec.Meta(min_length=1)]
    forbidden: list[_Column] = []
    years_since_last: str = ""

    def __post_init__(self) -> None:
        columns = [column for feature in self.features for column in feature.columns]
        for column in [*columns, self.years_since_last]:
            if column in {self.found, *self.forbidden}:
                raise ValueError(f"{column!r} is not known before the visit, or must not count: it cannot be a feature")
            if column in {self.id, self.date}:
                raise ValueError(f"{column!r} tells one visit from the others: it cannot be a feature")
            if columns.count(column) > 1:
                raise ValueError(f"{column!r} is a feature twice: leave it in one of the two places")
        if not self.years_since_last and any(feature.from_last_visit for feature in self.features):
            raise ValueError("from_last_visit needs years_since_last: the column that tells how long ago that visit was")

    def columns(self) -> list[str]:
        """Return all columns that are read, each once."""
        named = [self.date, self.id, self.found, *([self.years_since_last] if self.years_since_last else [])]
        return list(dict.fromkeys([*named, *(column for feature in self.features for column in feature.columns)]))

    def numbers(self) -> list[tuple[str, str]]:
        """Return the columns whose cells are numbers, and what stands in them for an unknown one."""
        read = [feature for feature in self.features if feature.as_ not in {"category", "record"}]
        found = {column: feature.absent for feature in read for column in feature.columns}
        return list((({self.years_since_last: ""} if self.years_since_last else {}) | found).items())


class Inspection(msgspec.Struct, frozen=True, kw_only=True):
    """One past inspection; ``known`` are the cells of the feature columns."""

    id: str
    day: date
    found: bool
    known: dict[str, str]


@cache
def shipped() -> tuple[Mapping, ...]:
    """Return the mappings that come with the product."""
    found = sorted((Path(__file__).parent / "mappings").glob("*.toml"))
    return tuple(read_toml(file.read_text(encoding="utf-8"), Mapping) for file in found)


def read_history(lines: Iterable[str], mapping: Mapping | None = None) -> tuple[Mapping, list[Inspection]]:
    """Return the mapping in use (found by the header where none is given) and the inspections, the earliest first.

    Inspections of one day keep the order of the file. Raises ``InvalidInput`` with the line of what is wrong.
    """
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        mapping = mapping or _fitting(header)
        places = _places(header, mapping)
        found = [_inspection(cells, reader.line_num, len(header), places, mapping) for cells in reader if cells]
    except csv.Error as error:
        raise InvalidInput(f"line {reader.line_num}: {error}") from error
    return mapping, sorted(found, key=lambda one: one.day)


def number(cell: str) -> float:
    """Return a cell as a number, 0 for an empty one; raise ``ValueError`` when it is none."""
    value = float(cell or 0)
    if not math.isfinite(value):
        raise ValueError(f"{cell!r} is no number")
    return value


def _fitting(header: Sequence[str]) -> Mapping:
    for mapping in shipped():
        if set(mapping.columns()) <= set(header):
            return mapping
    raise InvalidInput(
        f"no column mapping that comes with chuan fits this header ({', '.join(header)[:200]}); give --columns FILE"
    )


def _places(header: Sequence[str], mapping: Mapping) -> dict[str, int]:
    missing = [column for column in mapping.columns() if column not in header]
    if missing:
        raise InvalidInput(f"line 1: the mapping {mapping.name!r} needs the columns {', '.join(missing)}")
    twice = [column for column in mapping.columns() if header.count(column) > 1]
    if twice:
        raise InvalidInput(f"line 1: {', '.join(twice)} stands twice, and nobody can tell which one is meant")
    return {column: header.index(column) for column in mapping.columns()}


def _inspection(cells: list[str], line: int, width: int, places: dict[str, int], mapping: Mapping) -> Inspection:
    if len(cells) != width:
        raise InvalidInput(f"line {line}: {len(cells)} cells under {width} column names")
    row = {column: cells[place].strip() for column, place in places.items()}
    column = mapping.date
    try:
        day = date.fromisoformat(row[column][:10])
        column = mapping.found
        found = number(row[column] or "(empty)") > 0
        for column, absent in mapping.numbers():
            number("" if row[column] == absent else row[column])
    except ValueError as error:
        raise InvalidInput(f"line {line}: column {column!r}: {error}") from error
    known = {column: cell for column, cell in row.items() if column not in {mapping.date, mapping.id, mapping.found}}
    return Inspection(id=row[mapping.id], day=day, found=found, known=known)
