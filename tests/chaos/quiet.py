"""Tells when nothing is left to do anywhere."""

from __future__ import annotations

import threading

import pika
import sqlalchemy as sa
from pika.exceptions import AMQPError

from tests.chaos.accounting import BOUND
from tests.chaos.feeder import Feeder
from tests.chaos.world import World
from tests.servers.processes import wait_until

_GLANCE = 0.5  # seconds between two looks


class Quiet:
    """Looks at everything that may still be under way; ``why`` says what was found last."""

    def __init__(self, world: World, feeder: Feeder) -> None:
        self.why = ""
        self._world = world
        self._feeder = feeder
        self._engine = sa.create_engine(world.postgres.url, isolation_level="AUTOCOMMIT")

    def wait(self, seconds: float) -> bool:
        """Wait until all is quiet; tell whether it is."""
        quiet = wait_until(self._look, seconds)
        self._engine.dispose()
        return quiet

    def _look(self) -> bool:
        self.why = self._feeding() or self._stored() or self._queued()
        if self.why:
            threading.Event().wait(_GLANCE)
        return not self.why

    def _feeding(self) -> str:
        return "" if self._feeder.idle() else "events are still being fed"

    def _stored(self) -> str:
        with self._engine.connect() as connection:
            for service in BOUND:
                for what, table, condition in (
                    ("unpublished", "outbox", "published_at is null"),
                    ("waiting for another attempt", "inbox", "state = 'retry'"),
                ):
                    number = connection.scalar(sa.text(f"select count(*) from {service}.{table} where {condition}"))
                    if number:
                        return f"{service}: {number} events {what}"
            return self._undelivered(connection)

    def _undelivered(self, connection: sa.Connection) -> str:
        number = connection.scalar(sa.text("select count(*) from notification.deliveries where state = 'waiting'"))
        if not number:
            return ""
        # A letter that was put off may wait for hours; the run has no hours, so they pass at once.
        connection.execute(
            sa.text(
                "update notification.deliveries set next_attempt_at = now()"
                " where state = 'waiting' and lease_until is null and next_attempt_at > now() + interval '10 seconds'"
            )
        )
        return f"{number} letters waiting"

    def _queued(self) -> str:
        """Return what the broker still holds; it is asked twice, for what was taken out last may have led to more."""
        try:
            with pika.BlockingConnection(pika.URLParameters(self._world.broker.node.url)) as connection:
                channel = connection.channel()
                for service in BOUND:
                    number = channel.queue_declare(service, passive=True).method.message_count
                    if number:
                        return f"{service}: {number} messages queued"
        except (AMQPError, OSError) as error:
            return f"the broker: {error!r}"
        held = self._world.broker.node.control("list_queues", "--no-table-headers", "name", "messages")
        waiting = [line for line in held.splitlines() if line.split()[0] in BOUND and line.split()[-1] != "0"]
        return f"messages under way: {waiting}" if waiting else self._stored()
