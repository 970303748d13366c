"""A loop that others wake as often as they like."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from shared.runner.loop import Loop


class Container:
    """As much of nameko's container as a loop needs, on a thread."""

    def spawn_managed_thread(self, work: Callable[[], None], identifier: str) -> None:
        """Run ``work``."""
        threading.Thread(target=work, name=identifier, daemon=True).start()


def begins(rounds: int, *, more: bool, apart: float) -> list[float]:
    """Return when each round began of a loop that is woken again during each."""
    found: list[float] = []
    enough = threading.Event()

    def work() -> bool:
        found.append(time.monotonic())
        loop.wake.set()
        if len(found) >= rounds:
            enough.set()
        return more and len(found) < rounds

    container: Any = Container()
    loop = Loop("test", work, interval=60, apart=apart)
    loop.start(container)
    assert enough.wait(20)
    loop.stop()
    return found[:rounds]


def test_rounds_that_found_little_stay_apart_however_often_others_wake_the_loop() -> None:
    """What comes meanwhile is taken by the next round together."""
    assert all(later - earlier >= 0.05 for earlier, later in pairwise(begins(4, more=False, apart=0.05)))


def test_a_round_that_left_something_is_followed_at_once() -> None:
    """Twenty rounds that would be seconds apart."""
    found = begins(20, more=True, apart=5)
    assert found[-1] - found[0] < 5
