"""Long computing beside the green threads of a process: in a native thread, so that whatever else it serves goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from eventlet import tpool

T = TypeVar("T")

# Not the twenty of eventlet: each thread keeps the memory of the largest that it has computed.
tpool.set_num_threads(2)


def natively(function: Callable[..., T], *arguments: object) -> T:
    """Return what ``function`` returns; only the green thread that calls waits for it."""
    result: T = tpool.execute(function, *arguments)
    return result
