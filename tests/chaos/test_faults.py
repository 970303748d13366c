"""Which faults may last at the same time."""

from __future__ import annotations

import pytest

from tests.chaos.faults import FAULTS, SAME_THING, meets


def test_every_fault_that_must_not_meet_another_is_one_there_is() -> None:
    """A fault that was renamed would meet its like again."""
    assert set().union(*SAME_THING) <= FAULTS.keys()


@pytest.mark.parametrize("row", SAME_THING, ids=" / ".join)
def test_no_two_faults_hold_the_same_thing(row: set[str]) -> None:
    """The broker cannot be stopped while it is down, and nobody hears orders who has left."""
    for name in FAULTS:
        assert all(meets(name, {lasting}) == (name in row) for lasting in row)
        assert not meets(name, ())
