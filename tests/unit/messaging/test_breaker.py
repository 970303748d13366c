"""The breaker pauses when most events fail, and only then."""

from __future__ import annotations

import pytest

from shared.kernel.errors import DependencyDown
from shared.messaging.breaker import Breaker

_FAULT = ValueError("fault")


def test_fifty_failures_in_a_row_are_recorded_and_the_next_pauses() -> None:
    """So many go to the desk; after that consumption waits."""
    breaker = Breaker()
    for _ in range(50):
        breaker.failed(_FAULT)
    with pytest.raises(DependencyDown, match="50 of the last 50 events failed"):
        breaker.failed(_FAULT)


def test_a_few_bad_events_among_good_ones_never_pause() -> None:
    """One in three fails for ever, and everything goes on."""
    breaker = Breaker()
    for _ in range(1000):
        breaker.failed(_FAULT)
        breaker.succeeded(2)


def test_success_lets_the_others_through_again() -> None:
    """As soon as the share of failures has fallen to a half, failures are recorded again."""
    breaker = Breaker()
    for _ in range(50):
        breaker.failed(_FAULT)
    breaker.succeeded(50)
    breaker.failed(_FAULT)
