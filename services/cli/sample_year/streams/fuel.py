"""Petrol and diesel samples: a laboratory's whole panel, most values well inside the limits of QCVN 1:2022/BKHCN."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random
from typing import NamedTuple

from services.cli.sample_year.places import Sites
from services.cli.sample_year.season import Season
from services.cli.sample_year.subject import Stream, Subject
from shared.contracts.partners import Fuel, SampleTested
from shared.contracts.vocabulary import Measurement, Product, ProductGroup
from shared.kernel.quantities import UNITS

_RISK = 0.05
_EURO_5 = 5  # the level whose sulphur is counted in tenths of a mg/kg
_LABORATORIES = tuple(f"Phòng thử nghiệm mẫu {number}" for number in (1, 2, 3))
STATIONS = Sites("FUEL", "Cửa hàng xăng dầu mẫu", 0.45)

# Every value a laboratory may report, made once: drawing a sample is then only picking.
_Grid = tuple[Measurement, ...]


def _grid(parameter: str, low: str, high: str, step: str) -> _Grid:
    first, size = Decimal(low), Decimal(step)
    count = int((Decimal(high) - first) / size) + 1
    return tuple(Measurement(parameter=parameter, value=first + size * number, unit=UNITS[parameter]) for number in range(count))


class _Grade(NamedTuple):
    """A fuel as it is sold: where its values lie, and what goes wrong with it (parameters named more often do so more often)."""

    product: Product
    level: int
    panel: tuple[_Grid, ...]
    faults: tuple[_Grid, ...]


def _petrol(name: str, level: int, ron: int, sulfur: tuple[int, int, int], benzene: tuple[str, str, str]) -> _Grade:
    usual, highest, limit = sulfur
    aromatics = ("22", "33.5") if level == _EURO_5 else ("24", "38.5")
    oxygen = ("1.50", "2.60") if "E5" in name else ("0.20", "2.40")
    return _Grade(
        Product(group=ProductGroup.PETROL, name=name),
        level,
        (
            _grid("ron", f"{ron}.1", f"{ron + 1}.2", "0.1"),
            _grid("lead", "0.001", "0.003", "0.001"),
            _grid("t10", "46", "64", "0.5"),
            _grid("t50", "82", "112", "0.5"),
            _grid("t90", "138", "178", "0.5"),
            _grid("final_boiling_point", "172", "204", "0.5"),
            _grid("residue", "0.6", "1.4", "0.1"),
            _grid("washed_gum", "0.5", "2.5", "0.5"),
            _grid("sulfur", str(usual), str(highest), "0.1" if level == _EURO_5 else "1"),
            _grid("benzene", benzene[0], benzene[1], "0.01"),
            _grid("aromatics", *aromatics, "0.1"),
            _grid("olefins", "14", "28", "0.1"),
            _grid("oxygen", *oxygen, "0.05"),
            *([_grid("ethanol", "4.1", "4.9", "0.1")] if "E5" in name else []),
            _grid("iron_and_manganese", "0.2", "2.6", "0.1"),
        ),
        (
            *[_grid("sulfur", str(limit + 2), str(limit * 4), "1")] * 4,
            *[_grid("ron", f"{ron - 4}.0", f"{ron - 1}.6", "0.1")] * 3,
            _grid("benzene", benzene[2], str(Decimal(benzene[2]) * 2), "0.01"),
            _grid("final_boiling_point", "213", "228", "0.5"),
            _grid("washed_gum", "5.5", "9.0", "0.5"),
        ),
    )


def _diesel(name: str, level: int, sulfur: tuple[int, int, int]) -> _Grade:
    usual, highest, limit = sulfur
    return _Grade(
        Product(group=ProductGroup.DIESEL, name=name),
        level,
        (
            _grid("sulfur", str(usual), str(highest), "0.1" if level == _EURO_5 else "1"),
            _grid("cetane_number", "50.5", "56.0", "0.1"),
            _grid("t95" if level == _EURO_5 else "t90", "325", "354", "0.5"),
            _grid("flash_point", "58", "76", "0.5"),
            _grid("viscosity_40c", "2.450", "3.950", "0.005"),
            _grid("water", "40", "150", "1"),
            _grid("polycyclic_aromatics", "2.0", "8.5", "0.1"),
            _grid("particles", "1.0", "7.0", "0.5"),
        ),
        (
            *[_grid("sulfur", str(limit + 3), str(limit * 5), "1")] * 4,
            *[_grid("flash_point", "43.0", "54.0", "0.5")] * 2,
            *[_grid("cetane_number", "43.0", "47.5", "0.1")] * 2,
            _grid("water", "215", "420", "1"),
            _grid("particles", "11.0", "24.0", "0.5"),
        ),
    )


_GRADES = (
    *[_petrol("Xăng E5 RON 92-III", 3, 92, (60, 138, 150), ("0.90", "2.10", "2.60"))] * 3,
    *[_petrol("Xăng RON 95-III", 3, 95, (55, 135, 150), ("0.90", "2.10", "2.60"))] * 4,
    *[_petrol("Xăng RON 95-IV", 4, 95, (18, 46, 50), ("0.40", "0.95", "1.05"))] * 2,
    *[_petrol("Xăng RON 95-V", 5, 95, (4, 9, 10), ("0.40", "0.95", "1.05"))] * 2,
    *[_diesel("Dầu điêzen 0,05S-III", 3, (180, 335, 350))] * 3,
    *[_diesel("Dầu điêzen 0,005S-IV", 4, (20, 46, 50))] * 2,
    *[_diesel("Dầu điêzen 0,001S-V", 5, (4, 9, 10))] * 2,
)


def _draw(rng: Random) -> Subject:
    site, factor = STATIONS.pick(rng)
    product, level, panel, faults = _GRADES[int(rng.random() * len(_GRADES))]

    def look(rng: Random, at: datetime, number: str, conforms: bool) -> SampleTested:
        chance = rng.random
        results = [grid[int((chance() + chance()) * 0.5 * len(grid))] for grid in panel]
        if not conforms:
            fault = faults[int(chance() * len(faults))]
            wrong = fault[int(chance() * len(fault))]
            results = [wrong if one.parameter == wrong.parameter else one for one in results]
        return SampleTested(
            observed_at=at,
            sample_id=number,
            site=site,
            product=product,
            finding=Fuel(level=level, results=results),
            laboratory=_LABORATORIES[int(chance() * len(_LABORATORIES))],
        )

    return Subject(_RISK * factor, look)


# Sampling follows the price rounds: busy in spring and in the weeks before Tết, quiet in midsummer.
STREAMS = (
    Stream(
        "LAB", 0.23, _draw, Season((1.1, 0.8, 1.3, 1.1, 0.9, 1.0, 0.8, 0.9, 1.0, 1.1, 1.1, 1.2), tet=1.3), was=0.92, was_risk=1.2
    ),
)
