"""Long computing does not hold up what else a process serves."""

from __future__ import annotations

import eventlet
import eventlet.patcher
import pytest

from shared.runner.natively import natively


def test_green_threads_go_on_meanwhile() -> None:
    """What runs natively waits for something that only a green thread can do: held up, that would never be done."""
    gate = eventlet.patcher.original("threading").Event()
    eventlet.spawn(gate.set)
    assert natively(gate.wait, 20)


def test_what_goes_wrong_reaches_the_caller() -> None:
    """As if it had been called."""
    with pytest.raises(ZeroDivisionError):
        natively(divmod, 1, 0)


def test_few_threads_compute() -> None:
    """Each keeps the memory of the largest it has computed: with a thread for every paper the process would grow and grow."""
    name = eventlet.patcher.original("threading").get_ident
    asked = [eventlet.spawn(natively, name) for _ in range(10)]
    assert len({one.wait() for one in asked}) <= 2
