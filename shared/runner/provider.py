"""Gives a service its room and what is made of it, and keeps its relay running."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from nameko.extensions import DependencyProvider

from shared.messaging.relay import Relay
from shared.messaging.retention import forget_expired
from shared.room import Room
from shared.runner.loop import Loop
from shared.runner.worker import enter_surroundings

_AN_HOUR = 3600.0  # seconds

T = TypeVar("T")


class RoomProvider(DependencyProvider):
    """Injects the ``Room`` that the launcher made for this service, and relays its outbox."""

    def setup(self) -> None:
        self.room: Room = self.container.config["rooms"][self.container.service_name]
        self.relay = Relay(self.room)
        self.loop = Loop(f"relay {self.room.name}", self._relay_alone, interval=1.0)
        self.room.on_emit(self.loop.wake)
        self.housekeeping = Loop(f"retention {self.room.name}", lambda: forget_expired(self.room), interval=_AN_HOUR)

    def start(self) -> None:
        self.loop.start(self.container)
        self.housekeeping.start(self.container)

    def stop(self) -> None:
        self.housekeeping.stop()
        # Entrypoints have stopped by now, so this publishes the last of what they stored.
        self.loop.stop()
        self.relay.close()

    def worker_setup(self, worker_ctx: Any) -> None:
        """Let the worker go on in its caller's trace."""
        enter_surroundings(worker_ctx)

    def get_dependency(self, _worker_ctx: Any) -> Room:
        return self.room

    def _relay_alone(self) -> bool:
        """Publish until nothing is left; one copy of the service at a time, so that order holds."""
        with self.room.database.alone("relay") as may:
            while may() and self.relay.publish_stored():
                pass
        return False


class _Made(DependencyProvider):
    """Makes something once for the process, from the service's room."""

    def __init__(self, make: Callable[[Room], Any]) -> None:
        self._make = make

    def setup(self) -> None:
        self._made = self._make(self.container.config["rooms"][self.container.service_name])

    def get_dependency(self, _worker_ctx: Any) -> Any:
        return self._made


def provided(make: Callable[[Room], T]) -> T:
    """Declare that a service needs what ``make`` makes of its room; nameko makes it once and puts it in the attribute's place."""
    return cast("T", _Made(make))


def provided_room() -> Room:
    """Declare that a service needs its room; nameko puts the ``Room`` in the attribute's place."""
    return cast("Room", RoomProvider())
