"""Units are checked and converted, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.vocabulary import Measurement
from shared.kernel.quantities import UNITS, check_unit, in_unit_of


@pytest.mark.parametrize(
    ("parameter", "value", "unit", "converted"),
    [
        ("sulfur", "62", "mg/kg", "62"),
        ("sulfur", "62", "ppm", "62"),
        ("sulfur", "0.0062", "% mass", "62"),
        ("sulfur", "0.062", "g/kg", "62"),
        ("water", "5", "g/kg", "5000"),
        ("oxygen", "27000", "mg/kg", "2.7000"),
        ("lead", "5", "mg/L", "0.005"),
        ("lead", "5", "kg/m3", "5"),
        ("particles", "0.01", "g/L", "10"),
        ("washed_gum", "50", "mg/L", "5.0"),
        ("benzene", "10", "mL/L", "1.0"),
        ("viscosity_40c", "4.5", "cSt", "4.5"),
        ("viscosity_40c", "0.0000045", "m2/s", "4.5"),
        ("oxygen", "0.000000000001", "mg/kg", "0.0000000000000001"),
    ],
)
def test_units_of_one_kind_convert_exactly(parameter: str, value: str, unit: str, converted: str) -> None:
    """Only the decimal point moves, and the digits stay as many as were reported."""
    found = in_unit_of(parameter, Decimal(value), unit)
    assert found == Decimal(converted)
    assert "E+" not in str(found)


@pytest.mark.parametrize(
    ("parameter", "unit", "reason"),
    [
        ("sulfur", "mg/L", "only by a density"),
        ("lead", "mg/kg", "only by a density"),
        ("benzene", "% mass", "only by a density"),
        ("benzene", "%", "by mass or by volume"),
        ("sulfur", "%", "by mass or by volume"),
        ("t90", "K", "must be given in 'degC', not 'K'"),
        ("ron", "%", "must be given in '1', not '%'"),
        ("sulfur", "furlong", "must be given in 'mg/kg' or"),
        ("wool", "mg/kg", "unknown parameter 'wool'"),
    ],
)
def test_what_only_an_assumption_could_convert_is_refused_with_the_reason(parameter: str, unit: str, reason: str) -> None:
    """A measurement in such a unit does not even come in."""
    with pytest.raises(ValueError, match=reason):
        check_unit(parameter, unit)
    with pytest.raises(ValueError, match=reason):
        Measurement(parameter=parameter, value=Decimal(1), unit=unit)


@given(
    case=st.sampled_from([("sulfur", "% mass"), ("lead", "ug/L"), ("benzene", "mL/L"), ("viscosity_40c", "m2/s")]),
    pair=st.tuples(st.decimals(0, 10**15, places=12), st.decimals(0, 10**15, places=12)),
)
def test_a_conversion_keeps_order_and_difference(case: tuple[str, str], pair: tuple[Decimal, Decimal]) -> None:
    """For every value that may be reported, to the last of its 27 digits."""
    one, other = (in_unit_of(case[0], value, case[1]) for value in pair)
    assert (one < other) is (pair[0] < pair[1])
    assert (one == other) is (pair[0] == pair[1])


def test_every_parameter_takes_its_own_unit() -> None:
    """And what is not listed keeps the unit it has."""
    for parameter, unit in UNITS.items():
        assert in_unit_of(parameter, Decimal("1.5"), unit) == Decimal("1.5")
    assert in_unit_of("shortage", Decimal(5), "g") == Decimal(5)
