"""``@background``: a method for effects outside the database, called after each commit and at intervals."""

from __future__ import annotations

from typing import Any

from nameko.extensions import Entrypoint

from shared.room import Room
from shared.runner.loop import Loop
from shared.runner.worker import run_method


class Background(Entrypoint):
    """Calls the method until it returns False, then waits to be woken. One call at a time in each process."""

    def __init__(self, *, seconds: float, **kwargs: Any) -> None:
        self._seconds = seconds
        super().__init__(expected_exceptions=(Exception,), **kwargs)

    def setup(self) -> None:
        room: Room = self.container.config["rooms"][self.container.service_name]
        self.loop = Loop(f"{room.name}.{self.method_name}", lambda: bool(run_method(self)), interval=self._seconds)
        room.on_commit(self.loop.wake)

    def start(self) -> None:
        self.loop.start(self.container)

    def stop(self) -> None:
        self.loop.stop()


background = Background.decorator
