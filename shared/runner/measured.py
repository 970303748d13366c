"""``@measured``: a method that sets a service's own gauges when somebody asks for metrics."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from nameko.extensions import Entrypoint

from shared.room import Room
from shared.runner.worker import run_method


class Measured(Entrypoint):
    """Calls the method with a read-only snapshot and physical time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(expected_exceptions=(Exception,), **kwargs)

    def setup(self) -> None:
        room: Room = self.container.config["rooms"][self.container.service_name]
        room.on_measure(self._measure)

    def _measure(self, connection: sa.Connection, now: datetime) -> None:
        run_method(self, (connection, now))


measured = Measured.decorator
