"""A process of a service whose handler kills it: ``python -m tests.unit.messaging.killing FOLDER DATABASE_URL``.

It hosts the service as ``chuan run`` does, embedded, with an outbox that holds ten events, and ends when all are settled.
Leases are short, so that nobody waits for minutes.
"""

from __future__ import annotations

from shared.runner.green import go_green

go_green()

import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from datetime import timedelta  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import sqlalchemy as sa  # noqa: E402
from pydantic import SecretStr  # noqa: E402

from shared.contracts.envelope import Event  # noqa: E402
from shared.contracts.partners import SampleTested  # noqa: E402
from shared.database.migrate import migrate  # noqa: E402
from shared.database.unit_of_work import UnitOfWork  # noqa: E402
from shared.kernel.clock import SystemClock  # noqa: E402
from shared.messaging import retry  # noqa: E402
from shared.messaging.subscription import subscribe  # noqa: E402
from shared.messaging.tables import inbox, outbox  # noqa: E402
from shared.runner.launcher import Hosting  # noqa: E402
from shared.runner.provider import provided_room  # noqa: E402
from shared.settings import Settings  # noqa: E402
from tests.servers.processes import wait_until  # noqa: E402
from tests.unit.messaging.rig import effects, sample  # noqa: E402

KILLER, EVENTS = 4, 10


class VictimService:
    """Dies of one event, and handles the others."""

    name = "victim"
    room = provided_room()

    @subscribe(SampleTested)
    def handle(self, events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        """Leave a trace of each, or die."""
        for event in events:
            uow.connection.execute(effects.insert().values(event=event.id))
            if event.id == f"SAMPLE-{KILLER}":
                os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, database_url: str) -> None:
    """Run until everything is settled, if that is ever reached."""
    retry.LEASE = timedelta(seconds=0.2)
    settings = Settings(data_dir=folder, database_url=SecretStr(database_url), http_address="127.0.0.1:0", max_attempts=3)
    hosting = Hosting([VictimService], settings, SystemClock(), version="test", asyncapi=dict, serve_http=False)
    room = hosting.rooms["victim"]
    _prepare(room.database)
    with hosting:
        with room.reading() as connection:
            new = not connection.scalar(sa.select(sa.func.count()).select_from(outbox))
        if new:
            with room.transaction() as uow:
                for number in range(EVENTS):
                    uow.forward(sample(number, site=number))

        def settled() -> bool:
            with room.reading() as connection:
                states = list(connection.scalars(sa.select(inbox.c.state)))
            return len(states) == EVENTS and "retry" not in states

        assert wait_until(settled, seconds=60)


def _prepare(database: Any) -> None:
    migrate(database)
    with database.writing() as connection:
        effects.metadata.create_all(connection)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
