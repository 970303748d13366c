"""Engines from a URL: one that writes, one that only reads, and on a server one for single statements."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from shared.database.encryption import advice, check_encrypted
from shared.database.patience import bound_waiting, check_idle, connection_arguments
from shared.kernel.errors import DependencyDown
from shared.observability import metrics

_SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-16384")
# There is one writer and there are many readers: what each of them keeps adds up. In KiB.
_SQLITE_READER_CACHE = -4096
_SINGLE = 4  # connections for single statements: of the relay, the reader, and the loops of two channels
# Bounds on what a transaction may hold up: the server ends it. It notices by itself too when this machine died.
_POSTGRES_LIMITS = {
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}

_ISOLATION = {"writing": "READ COMMITTED", "reading": "REPEATABLE READ", "single": "AUTOCOMMIT"}

# Held by another process, disk full or failing, file not to be had, not to be written to, or damaged.
_SQLITE_AWAY = (
    *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN"),
    *("SQLITE_READONLY", "SQLITE_CORRUPT", "SQLITE_NOTADB"),
)
# Connection, replaced by a standby, conflict, resources, lock, shutdown or crash, disk.
_POSTGRES_AWAY = ("08", "25006", "40", "53", "55P", "57P", "58")


class Database:
    """One service's database.

    ``url`` may hold ``{service}``: a file of its own on SQLite, a schema and a role of its own on PostgreSQL, which ends a
    statement after ``statement_timeout`` seconds. Raises ``ChuanError`` for a server elsewhere that would not be checked.
    """

    def __init__(self, url: str, service: str, *, pool_size: int = 5, statement_timeout: float = 60.0) -> None:
        self.service = service
        self._statement_timeout = statement_timeout
        self.url = sa.make_url(url.replace("{service}", service))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if not self.is_sqlite:
            check_encrypted(self.url)
        elif self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        # SQLite has one writer: a pool of one makes the others wait in the pool, where they yield, and not on the file lock.
        self._writer = self._engine("writing", pool_size=1 if self.is_sqlite else pool_size)
        self._reader = self._engine("reading", pool_size=pool_size)
        # A transaction of one statement would cost two more round trips, and three where the disk is not waited for.
        self._single = self._writer if self.is_sqlite else self._engine("single", pool_size=_SINGLE)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction: committed at the end, rolled back on any exception."""
        with self._guarded(), self._connect(self._writer) as connection:
            self._wait_for_disk(connection, "FULL")
            with connection.begin():
                yield connection

    @contextmanager
    def noting(self) -> Iterator[sa.Connection]:
        """Give a connection for notes that only save repeating something harmless; each statement may be stored by itself.

        They do not wait for the disk: they survive the end of the process, but a power cut may take them back.
        """
        with self._guarded(), self._connect(self._single) as connection:
            self._wait_for_disk(connection, "NORMAL")
            with connection.begin():
                yield connection

    def ask(self, question: sa.Select[Any], parameters: Mapping[str, Any] = MappingProxyType({})) -> Sequence[sa.Row[Any]]:
        """Return the answer to one question, which needs no snapshot to agree with others."""
        with self._guarded(), self._connect(self._reader if self.is_sqlite else self._single) as connection:
            return connection.execute(question, parameters).all()

    @contextmanager
    def rehearsing(self) -> Iterator[sa.Connection]:
        """Give a connection in a transaction that is always rolled back."""
        with self._guarded(), self._connect(self._writer) as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one snapshot and cannot write."""
        with self._guarded(), self._connect(self._reader) as connection, connection.begin():
            yield connection

    @contextmanager
    def alone(self, duty: str) -> Iterator[Callable[[], bool]]:
        """Give a way to ask whether this process may do ``duty`` now; as long as it may, no other copy may.

        PostgreSQL frees the lock when the process dies, and also when it stands still, or is cut off, for longer than a
        transaction may be idle: ask again before each step. A SQLite file belongs to one process anyway.
        """
        if self.is_sqlite:
            yield lambda: True
            return
        with self._guarded(), self._connect(self._writer) as connection, connection.begin():
            # A lock is known by two numbers; the service keeps apart the services that share one database.
            pair = (crc32(self.service.encode()) - 2**31, crc32(duty.encode()) - 2**31)
            taken = bool(connection.exec_driver_sql("select pg_try_advisory_xact_lock(%s, %s)", pair).scalar())
            first = iter([taken])
            # Asking anything keeps the transaction, and with it the lock; where they are lost it raises.
            yield lambda: next(first, None) or (taken and connection.exec_driver_sql("select true").scalar() is True)

    def in_use(self) -> dict[str, int]:
        """Return how many connections are lent out by each pool."""
        engines = (self._single, self._writer, self._reader)
        return {self._use(engine): engine.pool.checkedout() for engine in engines}  # type: ignore[attr-defined]

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()
        self._single.dispose()

    def _wait_for_disk(self, connection: sa.Connection, synchronous: str) -> None:
        if self.is_sqlite:
            connection.connection.cursor().execute(f"PRAGMA synchronous={synchronous}")

    def _connect(self, engine: sa.Engine) -> sa.Connection:
        began = time.perf_counter()
        try:
            return engine.connect()
        finally:
            waited = time.perf_counter() - began
            metrics.DATABASE_WAIT_SECONDS.labels(self.service, self._use(engine)).observe(waited)

    def _use(self, engine: sa.Engine) -> str:
        return "writing" if engine is self._writer else "reading" if engine is self._reader else "single"

    def _engine(self, use: str, *, pool_size: int) -> sa.Engine:
        arguments: dict[str, Any] = {
            "poolclass": QueuePool,
            "pool_size": pool_size,
            "max_overflow": 0,
            "pool_timeout": 60,
            "pool_use_lifo": True,  # the connection used last has its statements prepared
        }
        if self.is_sqlite:
            arguments["connect_args"] = {"check_same_thread": False, "timeout": 10, "isolation_level": None}
        else:
            bound = f"{round(self._statement_timeout * 1000)}ms"
            options = {**_POSTGRES_LIMITS, "statement_timeout": bound, "search_path": self.service, "timezone": "UTC"}
            if use == "reading":
                options["default_transaction_read_only"] = "on"
            elif use == "single":
                options["synchronous_commit"] = "off"
            arguments["connect_args"] = {
                "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
                "application_name": f"chuan-{self.service}",
                **connection_arguments(self._statement_timeout),
            }
            arguments["isolation_level"] = _ISOLATION[use]
        engine = sa.create_engine(self.url, **arguments)
        if self.is_sqlite:
            sa.event.listen(engine, "connect", _prepare_reader if use == "reading" else _prepare_writer)
            sa.event.listen(engine, "begin", _begin_reading if use == "reading" else _begin_writing)
        else:
            bound_waiting(engine, self._statement_timeout)
            check_idle(engine)
        return engine

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Turn a lost or unreachable database into ``DependencyDown``."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated or _is_away(error):
                # A server's own words may tell where it is; a file's do not.
                told = error.orig if self.is_sqlite else f"{type(error.orig).__name__}{advice(error.orig)}"
                raise DependencyDown(f"database of {self.service}: {told}") from error
            raise
        except sa.exc.TimeoutError as error:
            raise DependencyDown(f"database of {self.service}: no free connection") from error


def _is_away(error: sa.exc.DBAPIError) -> bool:
    """Tell whether waiting helps, so that the event at hand is innocent."""
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(_SQLITE_AWAY)
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, sa.exc.OperationalError) if state is None else str(state).startswith(_POSTGRES_AWAY)


def _prepare_writer(connection: Any, _record: object) -> None:
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reader(connection: Any, _record: object) -> None:
    _prepare_writer(connection, _record)
    connection.execute(f"PRAGMA cache_size={_SQLITE_READER_CACHE}")
    connection.execute("PRAGMA query_only=ON")


def _begin_writing(connection: sa.Connection) -> None:
    # Take the write lock at once: a transaction that reads first and writes later could not be repeated.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")
