"""Starts services in this process, in the order in which nothing can be lost, and stops them again."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import structlog
from nameko.runners import ServiceRunner

from shared.database.migrate import migrate
from shared.kernel.clock import Clock
from shared.messaging.brokers import Broker, connect
from shared.messaging.brokers.memory import MemoryBroker
from shared.messaging.retention import check_retention
from shared.messaging.subscription import QueueReader, subscribed_types
from shared.observability import metrics, tracing
from shared.room import Room
from shared.runner.background import Background
from shared.runner.direct import handlers_of
from shared.runner.folder import lock_folder
from shared.runner.green import assert_green
from shared.runner.loop import Loop
from shared.runner.provider import RoomProvider
from shared.runner.pulse import Pulse
from shared.runner.timers import Every
from shared.settings import Settings
from shared.web.auth import Tokens
from shared.web.desk import DeskPages
from shared.web.platform import add_platform
from shared.web.site import Site

log = structlog.get_logger()

# Handlers, timers, deliveries and requests of one service that may run at once.
_WORKERS = 100


class Hosting:
    """Services running in this process; a context manager."""

    def __init__(
        self,
        services: Sequence[type[Any]],
        settings: Settings,
        clock: Clock,
        *,
        version: str,
        asyncapi: Callable[[], dict[str, Any]],
        serve_http: bool = True,
    ) -> None:
        assert_green()
        check_retention(settings)
        self.settings = settings
        self.clock = clock
        self._services = list(services)
        self._serve_http = serve_http
        self._lock = lock_folder(settings, otherwise="stop it, or set CHUAN_DATA_DIR")
        self.broker: Broker = connect(settings.broker_url.get_secret_value(), settings.broker_management_url.get_secret_value())
        self.rooms = {service.name: Room(service.name, settings, clock, self.broker) for service in self._services}
        self.site = Site(settings.http_address, Tokens(settings.tokens_file))
        add_platform(self.site, list(self.rooms.values()), self._degraded, asyncapi, version)
        DeskPages(self.rooms, {one.name: handlers_of(one, self.rooms[one.name]) for one in self._services}).add_to(self.site)
        self._pulse = Pulse()
        metrics.BUILD.labels(version).set(1)
        tracing.switch_on(f"chuan-{self._services[0].name}" if len(self._services) == 1 else "chuan")
        config = {"rooms": self.rooms, "site": self.site, "max_workers": _WORKERS}
        self._runner = ServiceRunner(config)
        for service in self._services:
            self._runner.add_service(service)

    def __enter__(self) -> Self:
        for room in self.rooms.values():
            if room.database.is_sqlite:
                migrate(room.database)
        # Every queue is bound before anything is published, or the first events would find nobody.
        if self.embedded:
            for service in self._services:
                self.broker.declare(service.name, subscribed_types(service))
        self._runner.start()
        self._pulse.start()
        if self._serve_http:
            self.site.start()
        # Everything that stays was made by now: leave it out of every later collection.
        gc.collect()
        gc.freeze()
        log.info("started", services=list(self.rooms), url=self.site.url if self._serve_http else None)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.site.stop()
        self._runner.stop()
        self._pulse.stop()
        self.broker.close()
        for room in self.rooms.values():
            room.close()
        if self._lock is not None:
            self._lock.close()
        tracing.switch_off()
        log.info("stopped", services=list(self.rooms))

    @property
    def embedded(self) -> bool:
        """Whether the broker lives in this process."""
        return self.settings.broker_url.get_secret_value().startswith("memory:")

    def drained(self) -> bool:
        """Tell whether nothing is queued, being handled, or stored and not yet sent on; only of an embedded broker."""
        return isinstance(self.broker, MemoryBroker) and not self.broker.unsettled() and all(loop.idle for loop in self._loops())

    def handled(self) -> int:
        """Return how many deliveries have been handled so far; only of an embedded broker."""
        return self.broker.acknowledged if isinstance(self.broker, MemoryBroker) else 0

    def at_work(self) -> str:
        """Name the parts that are not idle."""
        return ", ".join(loop.name for loop in self._loops() if not loop.idle) or "none"

    def stuck(self, seconds: float) -> str:
        """Return what has kept a part of some service from going on for so long, empty when all of them go on."""
        for container in self._runner.containers:
            for extension in container.extensions:
                if isinstance(extension, Background | QueueReader | RoomProvider):
                    health = extension.loop.health
                    if extension.loop.ended:
                        return f"{container.service_name} has stopped: its {type(extension).__name__} has ended"
                elif isinstance(extension, Every):
                    health = extension.health
                else:
                    continue
                if fault := health.lasting(seconds):
                    return f"{container.service_name} cannot go on: {fault}"
        return ""

    def wait(self) -> None:
        """Block until the services stop; raise what made one of them die."""
        self._runner.wait()

    def _loops(self) -> list[Loop]:
        return [
            extension.loop
            for container in self._runner.containers
            for extension in container.extensions
            if isinstance(extension, Background | RoomProvider)
        ]

    def _degraded(self) -> dict[str, str]:
        """Return what each service cannot do at present with the broker, and why."""
        told: dict[str, str] = {}
        for container in self._runner.containers:
            for extension in container.extensions:
                if isinstance(extension, QueueReader) and not extension.connected:
                    why = extension.loop.health.fault
                    told[container.service_name] = "does not read its queue" + (f": {why}" if why else "")
                elif isinstance(extension, RoomProvider) and extension.relay.blocked:
                    told.setdefault(container.service_name, "cannot publish: the broker is short of memory or disk")
        return told
