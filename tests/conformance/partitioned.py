"""``python -m tests.conformance.partitioned``: a copy of a service that notes what it handles, and fails now and then."""

from __future__ import annotations

from shared.runner.green import go_green

go_green()

import os  # noqa: E402 - nothing may be imported before
import random  # noqa: E402
import signal  # noqa: E402
import threading  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from typing import Any  # noqa: E402

import sqlalchemy as sa  # noqa: E402

from shared.contracts.envelope import Event  # noqa: E402
from shared.contracts.partners import SampleTested  # noqa: E402
from shared.database.types import Serial  # noqa: E402
from shared.database.unit_of_work import UnitOfWork  # noqa: E402
from shared.kernel.clock import SystemClock  # noqa: E402
from shared.messaging.subscription import subscribe  # noqa: E402
from shared.observability import logging  # noqa: E402
from shared.runner.launcher import Hosting  # noqa: E402
from shared.runner.provider import provided_room  # noqa: E402
from shared.settings import Settings  # noqa: E402

effects = sa.Table(
    "effects",
    sa.MetaData(),
    sa.Column("seq", Serial, primary_key=True),
    sa.Column("subject", sa.Text),
    sa.Column("event", sa.Text),
    sa.Column("copy", sa.Integer),
)

_FAILING = 0.01


class PartitionedService:
    """Notes each event with the copy that handled it; one attempt in a hundred fails."""

    name = "partitioned"
    room = provided_room()

    @subscribe(SampleTested)
    def note(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        """Take a batch."""
        rows = [{"subject": event.subject, "event": event.id, "copy": os.getpid()} for event in events]
        uow.connection.execute(effects.insert(), rows)
        if random.random() < _FAILING * len(events):
            raise RuntimeError("one attempt in a hundred fails")


def main() -> None:
    """Run until SIGTERM."""
    logging.configure("ERROR", "console")
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    with Hosting([PartitionedService], Settings(), SystemClock(), version="test", asyncapi=dict, serve_http=False):
        while not stopping.wait(0.5):
            pass


if __name__ == "__main__":
    main()
