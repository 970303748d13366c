"""A loop that others wake as often as they like."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from shared.runner.loop import Loop

_ROUND = 0.1  # seconds


class Container:
    """As much of nameko's container as a loop needs, on a thread."""

    def spawn_managed_thread(self, work: Callable[[], None], identifier: str) -> None:
        """Run ``work``."""
        threading.Thread(target=work, name=identifier, daemon=True).start()


def begins(rounds: int, *, more: bool, gentle: bool) -> list[float]:
    """Return when each round began of a loop whose rounds take 0.1 s, and which is woken again during each."""
    found: list[float] = []
    enough = threading.Event()

    def work() -> bool:
        found.append(time.monotonic())
        loop.wake.set()
        threading.Event().wait(_ROUND)
        if len(found) >= rounds:
            enough.set()
        return more and len(found) < rounds

    container: Any = Container()
    loop = Loop("test", work, interval=60, gentle=gentle)
    loop.start(container)
    assert enough.wait(20)
    loop.stop()
    return found[:rounds]


def test_a_gentle_loop_rests_as_long_as_it_worked_however_often_others_wake_it() -> None:
    """What comes meanwhile is taken by the next round together."""
    assert all(later - earlier >= 2 * _ROUND for earlier, later in pairwise(begins(3, more=False, gentle=True)))


@pytest.mark.parametrize(("more", "gentle"), [(True, True), (False, False)])
def test_what_is_left_or_urgent_is_done_at_once(*, more: bool, gentle: bool) -> None:
    """Ten rounds take the time that ten rounds take, not twice as long."""
    found = begins(10, more=more, gentle=gentle)
    assert found[-1] - found[0] < 2 * 9 * _ROUND
