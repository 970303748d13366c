"""An entry of a register that cannot be right is refused with its place before anything is made of it."""

from __future__ import annotations

from typing import Any

import pytest

from services.inspection.registers.entries import RefusedEntry, Register, read

INSTRUMENT = {"instrument_id": "1", "instrument_type": "spring_scale", "site_id": "A", "province": "46"}
BODY = {"id": "B", "name": "Mẫu", "kind": "testing", "province": "46", "scope": "toy", "valid_from": "2025-01-01"}


@pytest.mark.parametrize(
    ("which", "entry", "taken"),
    [
        (Register.INSTRUMENTS, INSTRUMENT | {"verified_on": "2099-12-31"}, True),
        (Register.INSTRUMENTS, INSTRUMENT | {"verified_on": "2100-01-01"}, False),
        (Register.INSTRUMENTS, INSTRUMENT | {"verified_on": "9999-12-31"}, False),
        (Register.BODIES, BODY | {"valid_to": "9999-12-31"}, True),
        (Register.BODIES, BODY | {"valid_from": "0001-01-01"}, False),
        (Register.BODIES, BODY | {"name": "M\0"}, False),
        (Register.BODIES, BODY | {"scope": ["toy", "\0"]}, False),
    ],
)
def test_days_and_texts_are_such_as_can_be_stored(which: Register, entry: dict[str, Any], taken: bool) -> None:
    """A due day is reckoned from the day of verification, which the calendar must have room for; PostgreSQL stores no NUL."""
    (found,) = read(which, [(7, entry)])
    assert isinstance(found, RefusedEntry) is not taken
    if isinstance(found, RefusedEntry):
        assert found.line == 7
