"""What was known of an inspection on the day its list was drawn up, as the rows a model is fitted to."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.planning.targeting.history import Feature, Inspection, Mapping, number
from services.planning.targeting.logistic import SparseRow

# How many visits the mean of all outweighs in the record of one value: the strength of the Beta prior. In the
# cross-validation on the Chicago file 2 to 30 give the same AUC to 0.0005.
_PRIOR_VISITS = 8.0
_DAYS_A_YEAR = 365.0


class Listed(NamedTuple):
    """An inspection and the day on which the list it stood in was drawn up: nothing later may be known of it."""

    inspection: Inspection
    drawn: date


class Design(NamedTuple):
    """The rows of all inspections under the names of their columns; column 0 is 1 everywhere."""

    names: list[str]
    rows: list[SparseRow]


def design(listed: Sequence[Listed], mapping: Mapping, train: int) -> Design:
    """Return the rows of inspections in order of days, of which the first ``train`` are learnt from.

    What was found at the others is not looked at. Columns are scaled by their spread among the first ``train``.
    """
    records = {column: _record(listed, column, train) for column in _columns(mapping, "record")}
    cells = [
        dict(_values(one, mapping, {column: record[place] for column, record in records.items()}))
        for place, one in enumerate(listed)
    ]
    names = ["1", *sorted({name for row in cells[:train] for name in row})]
    place_of = {name: place for place, name in enumerate(names)}
    scale = _spread(cells[:train])
    rows = []
    for row in cells:
        entries = sorted((place_of[name], value / scale[name]) for name, value in row.items() if name in place_of)
        rows.append(((0, *(place for place, _ in entries)), (1.0, *(value for _, value in entries))))
    return Design(names, rows)


def _columns(mapping: Mapping, as_: str) -> list[str]:
    return [column for feature in mapping.features if feature.as_ == as_ for column in feature.columns]


def _values(one: Listed, mapping: Mapping, records: dict[str, float]) -> Iterator[tuple[str, float]]:
    """Yield the name and value of all that is not 0."""
    since_drawn = (one.inspection.day - one.drawn).days / _DAYS_A_YEAR
    last_visit = _last_visit(one.inspection, mapping)
    for feature in mapping.features:
        if feature.from_last_visit and last_visit < since_drawn:
            continue
        for column in feature.columns:
            if feature.as_ == "record":
                name, value = f"{column} (record)", records[column]
            else:
                name, value = _value(feature, column, one.inspection.known[column], since_drawn)
            if value:
                yield name, value


def _last_visit(inspection: Inspection, mapping: Mapping) -> float:
    """Return how many years ago the last visit was, infinity where there was none."""
    if not mapping.years_since_last:
        return math.inf
    cell = inspection.known[mapping.years_since_last]
    return math.inf if cell and cell == dict(mapping.numbers())[mapping.years_since_last] else number(cell)


def _value(feature: Feature, column: str, cell: str, since_drawn: float) -> tuple[str, float]:
    if feature.as_ == "category":
        return f"{column} = {cell or 'unknown'}", 1.0
    if cell in {"", feature.absent}:
        return f"{column} unknown", 1.0
    if feature.as_ == "any":
        return f"{column} > 0", float(number(cell) > 0)
    value = number(cell) - (since_drawn if feature.as_ == "years" else 0.0)
    value = max(0.0, value if feature.most is None else min(value, feature.most))
    return column, math.log1p(value) if feature.as_ == "logarithm" else value


def _record(listed: Sequence[Listed], column: str, train: int) -> list[float]:
    """Return what each list could know of the inspections before it with the same value, as log-odds above the mean."""
    visits: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    done, all_hits, record = 0, 0, []
    keys = [_same(one.inspection.known[column]) for one in listed]
    for one, key in zip(listed, keys, strict=True):
        while done < train and listed[done].inspection.day < one.drawn:
            visits[keys[done]] += 1
            hits[keys[done]] += listed[done].inspection.found
            all_hits += listed[done].inspection.found
            done += 1
        mean = (all_hits + 0.5) / (done + 1.0)  # never 0 or 1
        share = (hits[key] + _PRIOR_VISITS * mean) / (visits[key] + _PRIOR_VISITS)
        record.append(math.log(share / (1.0 - share)) - math.log(mean / (1.0 - mean)))
    return record


def _same(cell: str) -> str:
    """Return what two spellings of a name or address have in common."""
    return re.sub(r"\W+", " ", cell.casefold()).strip()


def _spread(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the standard deviation of every column, 1 for one that never varies."""
    sums: defaultdict[str, float] = defaultdict(float)
    squares: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        for name, value in row.items():
            sums[name] += value
            squares[name] += value * value
    count = len(rows)
    return {name: math.sqrt(max(squares[name] / count - (sums[name] / count) ** 2, 0.0)) or 1.0 for name in sums}
