"""Two copies of a service that do something at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

_SOON = 0.3  # seconds in which a statement that is not held up would long be done


def meanwhile(work: Callable[[], None]) -> Callable[[], None]:
    """Start ``work`` in another copy; the returned function waits for its end, and raises what it raised."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(_SOON)

    def end() -> None:
        thread.join(20)
        assert not thread.is_alive()
        if failed:
            raise failed[0]

    return end
