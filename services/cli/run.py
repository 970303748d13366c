"""``chuan run``: host services on the wall clock until stopped."""

from __future__ import annotations

import signal
import threading
from typing import Annotated

import structlog
import typer

from services.cli.hosting import SERVICES, host
from shared.kernel.clock import SystemClock
from shared.kernel.errors import InvalidInput
from shared.kernel.nearest import unknown
from shared.observability import logging
from shared.runner.launcher import Hosting
from shared.settings import Settings

log = structlog.get_logger()


def run(
    services: Annotated[
        list[str] | None, typer.Argument(help="planning, inspection, notification, reporting; none: all four.")
    ] = None,
) -> None:
    """Host SERVICES in this process until SIGTERM or Ctrl-C.

    With CHUAN_BROKER_URL=memory:// (the default) all four run embedded, on SQLite files in CHUAN_DATA_DIR; with amqp://
    and postgresql+psycopg:// any number of processes share the work.

    Example: chuan run inspection
    """
    for name in services or ():
        if name not in SERVICES:
            raise InvalidInput(unknown("service", name, SERVICES))
    settings = Settings()
    logging.configure(settings.log_level, settings.log_format)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with host(settings, SystemClock(), services) as hosting:
        died = _watch(hosting, stopping)
        while not stopping.wait(1.0):
            pass
        # What was begun is finished and acknowledged; past the limit the broker gives it to another copy.
        limit = threading.Timer(settings.drain_timeout, _give_up)
        limit.daemon = True
        limit.start()
    if died:
        raise typer.Exit(1)


def _watch(hosting: Hosting, stopping: threading.Event) -> list[BaseException]:
    died: list[BaseException] = []

    def wait() -> None:
        try:
            hosting.wait()
        except Exception as error:
            log.exception("service_died")
            died.append(error)
        stopping.set()

    threading.Thread(target=wait, daemon=True).start()
    return died


def _give_up() -> None:
    log.error("drain_timeout", hint="what was not finished is delivered again")
    signal.raise_signal(signal.SIGKILL)
