"""The risk level of some scenarios, and whether one band more or less of any factor would change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from services.inspection.risk.matrix import CLASSES, METHOD, ROWS, class_of, level_at, row_of, worst
from services.inspection.risk.scenario import Scenario
from shared.contracts.vocabulary import RiskLevel

_GRAVEST = 4


class Factor(StrEnum):
    """What a risk level depends on."""

    PROBABILITY = "probability"
    SEVERITY = "severity"
    ITEMS_IN_USE = "items_in_use"


class AssessedScenario(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one scenario; ``probability`` is exact, as a fraction, and 0 makes the scenario impossible."""

    harm: str
    probability: str
    severity: int
    is_possible: bool
    level: RiskLevel


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """One band more (``up``) or less of one factor, of the ``scenario`` of that number, and the level that would be.

    Items in use are the same for all scenarios: there the number is 0.
    """

    factor: Factor
    scenario: int
    up: bool
    level: RiskLevel


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The level of the worst scenario, and the ``shifts`` by one band that would change it."""

    level: RiskLevel
    scenarios: tuple[AssessedScenario, ...]
    items_in_use: int
    shifts: tuple[Shift, ...]
    is_sensitive: bool
    method: str = METHOD


class _Place(NamedTuple):
    """Where a scenario stands in the matrix."""

    row: int | None
    severity: int


def assess(scenarios: Sequence[Scenario], items_in_use: int = 0) -> Assessment:
    """Assess at least one scenario; ``items_in_use`` is 0 where it is not known, which corrects nothing."""
    places = [_Place(row_of(one.probability), one.severity) for one in scenarios]
    items = class_of(items_in_use)
    levels = [level_at(*place, items) for place in places]
    level = worst(levels)
    shifts = tuple(shift for shift in _shifts(places, items) if shift.level is not level)
    return Assessment(
        level=level,
        scenarios=tuple(
            AssessedScenario(
                harm=one.harm,
                probability=str(one.probability),
                severity=one.severity,
                is_possible=place.row is not None,
                level=reached,
            )
            for one, place, reached in zip(scenarios, places, levels, strict=True)
        ),
        items_in_use=items_in_use,
        shifts=shifts,
        is_sensitive=bool(shifts),
    )


def _shifts(places: Sequence[_Place], items: int) -> Iterator[Shift]:
    for number, place in enumerate(places, start=1):
        if place.row is None:
            continue
        for up in (True, False):
            # Rows begin with the most probable one.
            row, severity = place.row + (-1 if up else 1), place.severity + (1 if up else -1)
            if 0 <= row < len(ROWS):
                moved = place._replace(row=row)
                yield Shift(factor=Factor.PROBABILITY, scenario=number, up=up, level=_with(places, number, moved, items))
            if 1 <= severity <= _GRAVEST:
                moved = place._replace(severity=severity)
                yield Shift(factor=Factor.SEVERITY, scenario=number, up=up, level=_with(places, number, moved, items))
    for up, other in ((True, items + 1), (False, items - 1)):
        if 0 <= other < len(CLASSES):
            yield Shift(factor=Factor.ITEMS_IN_USE, scenario=0, up=up, level=worst(level_at(*place, other) for place in places))


def _with(places: Sequence[_Place], number: int, moved: _Place, items: int) -> RiskLevel:
    """Return the level when the scenario of this number stands elsewhere."""
    changed = [moved if each == number else place for each, place in enumerate(places, start=1)]
    return worst(level_at(*place, items) for place in changed)
