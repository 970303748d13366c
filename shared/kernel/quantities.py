"""Measured numbers and the units their parameters may come in."""

from __future__ import annotations

from decimal import Decimal

_LARGEST = Decimal("1e15")
_MOST_DECIMALS = 12
_MOST_DIGITS = 15

# Parameter -> the unit its limits are stated in. A value may come in any unit of the same kind.
UNITS: dict[str, str] = {
    # QCVN 1:2022/BKHCN
    "ron": "1",
    "lead": "g/L",
    "initial_boiling_point": "degC",
    "t10": "degC",
    "t50": "degC",
    "t90": "degC",
    "t95": "degC",
    "final_boiling_point": "degC",
    "residue": "% vol",
    "washed_gum": "mg/100mL",
    "sulfur": "mg/kg",
    "benzene": "% vol",
    "aromatics": "% vol",
    "olefins": "% vol",
    "oxygen": "% mass",
    "ethanol": "% vol",
    "iron_and_manganese": "mg/L",
    "cetane_number": "1",
    "cetane_index": "1",
    "flash_point": "degC",
    "viscosity_40c": "mm2/s",
    "pour_point": "degC",
    "water": "mg/kg",
    "polycyclic_aromatics": "% mass",
    "particles": "mg/L",
    "fatty_acid_methyl_esters": "% vol",
    # QCVN 2:2008/BKHCN and QCVN 2:2021/BKHCN: accelerations in units of standard gravity
    "peak_acceleration": "gn",
    "acceleration_over_2_ms": "gn",
    "acceleration_over_3_ms": "gn",
    "acceleration_over_4_ms": "gn",
    "acceleration_over_6_ms": "gn",
    "penetration_contacts": "1",
    "strap_displacement": "mm",
    # QCVN 3:2019/BKHCN
    "liquid_ph": "1",
    "formaldehyde_in_textile": "mg/kg",
    "formaldehyde_in_paper": "mg/kg",
    "formaldehyde_in_glued_wood": "mg/kg",
    "dehp": "% mass",
    "dbp": "% mass",
    "bbp": "% mass",
    "dinp": "% mass",
    "didp": "% mass",
    "dnop": "% mass",
    "benzidine": "mg/kg",
    "naphthylamine_2": "mg/kg",
    "chloroaniline_4": "mg/kg",
    "dichlorobenzidine_3_3": "mg/kg",
    "dimethoxybenzidine_3_3": "mg/kg",
    "dimethylbenzidine_3_3": "mg/kg",
    "toluidine_o": "mg/kg",
    "anisidine_o": "mg/kg",
    "aniline": "mg/kg",
    "antimony_migration": "mg/kg",
    "arsenic_migration": "mg/kg",
    "barium_migration": "mg/kg",
    "cadmium_migration": "mg/kg",
    "chromium_migration": "mg/kg",
    "lead_migration": "mg/kg",
    "mercury_migration": "mg/kg",
    "selenium_migration": "mg/kg",
    "supply_voltage": "V",
    # QCVN 4:2009/BKHCN
    "leakage_current": "mA",
    "earth_resistance": "ohm",
    "withstand_voltage": "V",
}

# Kind of quantity -> its units as powers of ten of one of them, so that a conversion only moves the decimal point.
_KINDS: dict[str, dict[str, int]] = {
    "share by mass": {
        # What laboratories call ppm of a share by mass is mg/kg.
        **dict.fromkeys(("mg/kg", "ug/g", "ppm", "ppm mass"), 0),
        "g/kg": 3,
        **dict.fromkeys(("% mass", "% m/m", "% wt", "g/100g"), 4),
    },
    "share by volume": {"ppm vol": 0, "mL/L": 3, **dict.fromkeys(("% vol", "% v/v", "mL/100mL"), 4)},
    "concentration": {
        "ug/L": 0,
        **dict.fromkeys(("mg/L", "g/m3"), 3),
        "mg/100mL": 4,
        **dict.fromkeys(("g/L", "mg/mL", "kg/m3"), 6),
    },
    "kinematic viscosity": {**dict.fromkeys(("mm2/s", "cSt"), 0), "m2/s": 6},
    "length": {"mm": 0, "cm": 1},
    "electric current": {"uA": 0, "mA": 3},
    "voltage": {"V": 0, "kV": 3},
    "resistance": {"mohm": 0, "ohm": 3},
}
_KIND_OF = {unit: kind for kind, units in _KINDS.items() for unit in units}
_TOLD_APART_BY_DENSITY = {"share by mass", "share by volume", "concentration"}


def check_number(value: Decimal) -> None:
    """Raise ``ValueError`` unless ``value`` is a finite number of a sane size."""
    if not value.is_finite():
        raise ValueError("a measured value must be a finite number")
    # copy_abs and the bound on the exponent: the ordinary operations overflow on 1E+9999999, and 0E+9999999 prints a megabyte.
    # as_tuple() is four times as slow as all the rest, and hardly any value needs it.
    text = str(value)
    exponent = int(value.as_tuple().exponent) if "E" in text else -len(text.partition(".")[2])
    if value.copy_abs() > _LARGEST or not -_MOST_DECIMALS <= exponent <= _MOST_DIGITS:
        raise ValueError("a measured value must lie within ±1e15 and have at most 12 decimals")


def check_unit(parameter: str, unit: str) -> None:
    """Raise ``ValueError`` unless ``parameter`` is known and ``unit`` is its unit or one that converts to it exactly."""
    expected = UNITS.get(parameter)
    if expected is None:
        raise ValueError(f"unknown parameter {parameter!r}; known are {', '.join(sorted(UNITS))}")
    if unit != expected:
        _places(parameter, unit, expected)


def in_unit_of(parameter: str, value: Decimal, unit: str) -> Decimal:
    """Return ``value`` in the unit that the limits of ``parameter`` are stated in; raise ``ValueError`` like ``check_unit``."""
    expected = UNITS.get(parameter, unit)
    if unit == expected:
        return value
    moved = value.scaleb(_places(parameter, unit, expected))
    return moved.quantize(Decimal(1)) if int(moved.as_tuple().exponent) > 0 else moved


def _places(parameter: str, unit: str, expected: str) -> int:
    """Return by how many places the decimal point moves from ``unit`` to ``expected``."""
    kind, wanted = _KIND_OF.get(unit), _KIND_OF.get(expected)
    if kind is not None and kind == wanted:
        return _KINDS[kind][unit] - _KINDS[kind][expected]
    others = [one for one in _KINDS.get(wanted or "", ()) if one != expected]
    refusal = f"{parameter} must be given in {' or '.join([repr(expected), *map(repr, others)])}, not {unit!r}"
    if unit == "%" and wanted in _TOLD_APART_BY_DENSITY:
        refusal += ": say whether it is a share by mass or by volume"
    elif {kind, wanted} <= _TOLD_APART_BY_DENSITY:
        refusal += f": a {kind} becomes a {wanted} only by a density, and none is assumed"
    raise ValueError(refusal)
