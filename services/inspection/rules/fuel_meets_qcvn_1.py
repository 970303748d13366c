"""A petrol or diesel sample keeps the limits of QCVN 1:2022/BKHCN for its level (2 to 5); a cetane number decides for the index.

That holds for remedies too: a number that is kept shows that what its index stood in for is kept; an index, for which less is
enough, says nothing of a number that was measured. The table gives both limits; that the number goes first is our reading.
What the regulation only asks to be reported, the initial boiling point, has no limit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from services.inspection.acceptance import Comparison, Judgement, Limit, judge
from services.inspection.judging import Version, judges
from services.inspection.rules.biofuel_name_says_its_blend import blend_of
from shared.contracts.inspection import ViolationKind
from shared.contracts.partners import Fuel, SampleTested
from shared.contracts.vocabulary import Product, ProductGroup

_LEVELS = (2, 3, 4, 5)
# The research octane numbers petrol of each level may be sold as.
_OCTANE_GRADES = {2: (90, 92, 95), 3: (92, 95, 97), 4: (92, 95, 97), 5: (92, 95, 97)}
_OCTANE_GRADE = re.compile(r"\bRON[\s-]?(\d{2})\b", re.IGNORECASE)

# One limit for each of the levels 2, 3, 4, 5; none where the regulation sets none.
_Row = tuple[str | None, str | None, str | None, str | None]

_PETROL_AT_MOST: dict[str, _Row] = {
    "lead": ("0.005", "0.005", "0.005", "0.005"),
    "t10": ("70", "70", "70", "70"),
    "t50": ("120", "120", "120", "120"),
    "t90": ("190", "190", "190", "190"),
    "final_boiling_point": ("215", "210", "210", "210"),
    "residue": ("2.0", "2.0", "2.0", "2.0"),
    "washed_gum": ("5", "5", "5", "5"),
    "sulfur": ("500", "150", "50", "10"),
    "benzene": ("2.5", "2.5", "1.0", "1.0"),
    "aromatics": ("40", "40", "40", "35"),
    "olefins": ("38", "30", "30", None),  # level 5 follows the roadmap of 2.1.4
    "oxygen": ("2.7", "2.7", "2.7", "2.7"),
    "iron_and_manganese": ("5", "5", "5", "5"),
}
_DIESEL_AT_MOST: dict[str, _Row] = {
    "sulfur": ("500", "350", "50", "10"),
    "t90": ("360", "360", "360", None),
    "t95": (None, None, None, "360"),
    "viscosity_40c": ("4.5", "4.5", "4.5", "4.5"),
    "water": ("200", "200", "200", "200"),
    "polycyclic_aromatics": (None, "11", "11", "11"),
    "particles": ("10", "10", "10", "10"),
    "pour_point": ("12", "12", "12", "12"),  # in summer; _WINTER_POUR_POINT otherwise
}
_WINTER_POUR_POINT = Limit(Decimal(3))
_DIESEL_AT_LEAST: dict[str, _Row] = {
    "cetane_number": ("46", "48", "50", "50"),
    "cetane_index": ("46", "46", "46", "46"),
    "flash_point": ("55", "55", "55", "55"),
    "viscosity_40c": ("2.0", "2.0", "2.0", "2.0"),
}


class FuelLimits(msgspec.Struct, frozen=True):
    """What one fuel of one level must keep; for petrol also the octane grades, lowest first."""

    limits: Mapping[str, tuple[Limit, ...]]
    octane_grades: tuple[int, ...] = ()

    def of(self, parameter: str, product: Product, fuel: Fuel) -> tuple[Limit, ...]:
        """Return the limits ``parameter`` of this fuel is held against."""
        if parameter == "ron" and self.octane_grades:
            return (Limit(Decimal(self._octane_grade(product)), at_least=True),)
        # E5 and E10 carry their oxygen in the ethanol and have an oxygen limit of their own.
        if parameter == "oxygen" and blend_of(product):
            return ()
        # The index is worked out where no engine measured the number; where one did, the number decides.
        if parameter == "cetane_index" and any(one.parameter == "cetane_number" for one in fuel.results):
            return ()
        if parameter == "pour_point" and fuel.season == "winter" and parameter in self.limits:
            return (_WINTER_POUR_POINT,)
        return self.limits.get(parameter, ())

    def _octane_grade(self, product: Product) -> int:
        """Return the grade the petrol is sold as; the lowest one where its name does not say."""
        stated = _OCTANE_GRADE.search(product.name)
        grade = int(stated[1]) if stated else 0
        return grade if grade in self.octane_grades else self.octane_grades[0]


def _limits(at_most: Mapping[str, _Row], at_least: Mapping[str, _Row], level: int) -> dict[str, tuple[Limit, ...]]:
    found: dict[str, tuple[Limit, ...]] = {}
    for rows, is_lowest in ((at_most, False), (at_least, True)):
        for parameter, row in rows.items():
            value = row[_LEVELS.index(level)]
            if value is not None:
                found[parameter] = (*found.get(parameter, ()), Limit(Decimal(value), at_least=is_lowest))
    return found


_QCVN_1_2022: dict[tuple[ProductGroup, int], FuelLimits] = {}
for _level in _LEVELS:
    _QCVN_1_2022[ProductGroup.PETROL, _level] = FuelLimits(_limits(_PETROL_AT_MOST, {}, _level), _OCTANE_GRADES[_level])
    _QCVN_1_2022[ProductGroup.DIESEL, _level] = FuelLimits(_limits(_DIESEL_AT_MOST, _DIESEL_AT_LEAST, _level))


@judges(
    SampleTested,
    kind=ViolationKind.FUEL_QUALITY,
    versions=[
        Version(
            # In force since 1 February 2023, but fuel could follow QCVN 1:2015/BKHCN instead until it became mandatory.
            valid_from=date(2023, 6, 15),
            source="QCVN 1:2022/BKHCN, TT 16/2022/TT-BKHCN",
            limits=_QCVN_1_2022,
        )
    ],
)
def fuel_meets_qcvn_1(sample: SampleTested, version: Version[Mapping[tuple[ProductGroup, int], FuelLimits]]) -> Judgement | None:
    """Judge every measured parameter that has a limit; nothing for other goods, inconclusive when none has."""
    if not isinstance(sample.finding, Fuel):
        return None
    limits = version.limits.get((sample.product.group, sample.finding.level))
    if limits is None:
        return None
    comparisons = (
        Comparison.of(measurement, limit)
        for measurement in sample.finding.results
        for limit in limits.of(measurement.parameter, sample.product, sample.finding)
    )
    found = judge(comparisons, version.decide)
    if "cetane_number" not in found.kept:
        return found
    return msgspec.structs.replace(found, kept=tuple(sorted((*found.kept, "cetane_index"))))
