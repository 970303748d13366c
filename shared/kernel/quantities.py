"""Measured numbers and the units their parameters may come in."""

from __future__ import annotations

from decimal import Decimal

_LARGEST = Decimal("1e15")
_MOST_DECIMALS = 12
_MOST_DIGITS = 15

# Parameter -> the unit it is stated in. A value in another unit is refused, never converted by a guess.
UNITS: dict[str, str] = {
    # QCVN 1:2022/BKHCN
    "ron": "1",
    "lead": "g/L",
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
    "iron_and_manganese": "mg/L",
    "cetane_number": "1",
    "flash_point": "degC",
    "viscosity_40c": "mm2/s",
    "water": "mg/kg",
    "polycyclic_aromatics": "% mass",
    "particles": "mg/L",
}


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
    """Raise ``ValueError`` unless ``parameter`` is known and stated in its unit."""
    expected = UNITS.get(parameter)
    if expected is None:
        raise ValueError(f"unknown parameter {parameter!r}; known are {', '.join(sorted(UNITS))}")
    if unit != expected:
        raise ValueError(f"{parameter} must be given in {expected!r}, not {unit!r}")
