"""How long a connection to PostgreSQL is waited for: a server that is gone does not say so.

The server bounds every statement. What has not answered a while after that bound never will: the other machine died, or
something in between forgot the connection. Time-outs of TCP notice the first, only the client itself the second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from selectors import EVENT_READ, EVENT_WRITE
from typing import Any

import sqlalchemy as sa

_FRESH = 1  # seconds
_GRACE = 5  # seconds beyond the bound of a statement
_UNASKED = 8  # steps of one call for which the socket is taken to be writable, as it nearly always is

Steps = Generator[Any, Any, Any]


def connection_arguments(statement_timeout: float) -> dict[str, Any]:
    """Return libpq's arguments with which a connection to a dead machine is given up in about half a minute."""
    return {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": int((statement_timeout + _GRACE) * 1000),
    }


def bound_waiting(engine: sa.Engine, statement_timeout: float) -> None:
    """Close a connection of ``engine`` whose server has not answered in time; whoever waits gets an ``OperationalError``."""
    patience = statement_timeout + _GRACE

    def bound(connection: Any, _record: object) -> None:
        wait = connection.wait

        def bounded_wait(steps: Steps, *args: Any, **kwargs: Any) -> Any:
            return wait(_bounded(steps, patience, give_up), *args, **kwargs)

        def give_up() -> Exception:
            connection.close()
            error: Exception = engine.dialect.loaded_dbapi.OperationalError(f"the server has not answered for {patience:.0f} s")
            return error

        connection.wait = bounded_wait

    sa.event.listen(engine, "connect", bound, insert=True)


def check_idle(engine: sa.Engine) -> None:
    """Ask a connection that was idle for a while whether it still answers, before it is used again.

    One that was used a moment ago is not asked: that would cost a question for each transaction.
    """

    def note(_connection: Any, record: Any) -> None:
        record.info["last_used"] = time.monotonic()

    def check(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("last_used", time.monotonic()) < _FRESH:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error

    sa.event.listen(engine, "checkin", note)
    sa.event.listen(engine, "checkout", check)


def _bounded(steps: Steps, patience: float, give_up: Callable[[], Exception]) -> Steps:
    """Go through psycopg's ``steps``, which are told from time to time when nothing came; raise when that lasts too long.

    In a pipeline each statement asks twice whether the socket can be written to, and to ask through the event loop costs
    more than to send the statement. So the first steps are told that it can: libpq keeps what does not fit.
    """
    heard = time.monotonic()
    unasked = _UNASKED
    try:
        wanted = next(steps)
        while True:
            if unasked and wanted == EVENT_READ | EVENT_WRITE:
                unasked -= 1
                wanted = steps.send(EVENT_WRITE)
                continue
            ready = yield wanted
            if ready:
                heard = time.monotonic()
            elif time.monotonic() - heard > patience:
                raise give_up()
            wanted = steps.send(ready)
    except StopIteration as end:
        return end.value
