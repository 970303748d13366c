"""The services' databases as an operator's command finds them: made, migrated, and free to be written to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError

import services
from shared.database.engine import Database
from shared.database.migrate import is_current, migrate
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.deadlines import local_day
from shared.kernel.errors import Conflict, DependencyDown, NotFound
from shared.messaging.tables import timer_slots
from shared.room import wall_time
from shared.runner.folder import lock_folder
from shared.settings import Settings

# Where `chuan process` keeps the lines it could not read, and, as the slot of this timer, how far its clock has come.
INTAKE = "intake"
EVENT_CLOCK = "event clock"


def service_names() -> list[str]:
    """Return the names of all services, found by their ``service.py``, without importing any of them."""
    return sorted(file.parent.name for root in services.__path__ for file in Path(root).glob("*/service.py"))


def settings_of(data: Path | None) -> Settings:
    """Return the settings; a data folder named on the command line has its databases in it, whatever the environment says."""
    settings = Settings()
    if data is None:
        return settings
    return settings.model_copy(update={"data_dir": data, "database_url": Settings.model_fields["database_url"].default})


def wrong_settings(error: ValidationError) -> str:
    """Return which settings cannot be read, and why; not their values, for one may hold a password."""
    return "; ".join(f"CHUAN_{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors())


def is_made(settings: Settings, name: str) -> bool:
    """Tell whether the database of ``name`` has been made; a server's always has."""
    url = sa.make_url(settings.service_database_url().replace("{service}", name))
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


@contextmanager
def opened(settings: Settings, name: str) -> Iterator[Database]:
    """Give the database of ``name``; raise ``NotFound`` when it was never made, ``Conflict`` when migrations are missing."""
    if not is_made(settings, name):
        raise NotFound(f"{settings.data_dir} has no data of {name}; `chuan demo`, `chuan process FILE` or `chuan run` makes it")
    database = Database(settings.service_database_url(), name, pool_size=1)
    try:
        if not is_current(database):
            raise Conflict(f"the database of {name} lacks migrations; run `chuan migrate`")
        yield database
    finally:
        database.close()


@contextmanager
def reading(settings: Settings, name: str) -> Iterator[sa.Connection]:
    """Give a snapshot of the database of ``name``; raises as ``opened``."""
    with opened(settings, name) as database, database.reading() as connection:
        yield connection


def desk_names(settings: Settings) -> list[str]:
    """Return the names of all databases that letters may lie in; raise ``NotFound`` when there is none."""
    names = [name for name in service_names() if is_made(settings, name)]
    if not names:
        raise NotFound(f"{settings.data_dir} has no data; `chuan demo`, `chuan process FILE` or `chuan run` makes it")
    return [*names, INTAKE] if _has_intake(settings) else names


@contextmanager
def locked(settings: Settings, *, otherwise: str = "stop it, then try again") -> Iterator[None]:
    """Keep other processes off the data folder while the block runs; raise ``Conflict`` with a way out when one is using it."""
    file = lock_folder(settings, otherwise=otherwise)
    try:
        yield
    finally:
        if file is not None:
            file.close()


@contextmanager
def changing(database: Database, *, now: datetime | None = None, rehearse: bool = False) -> Iterator[UnitOfWork]:
    """Give a unit of work outside of any service at the business time ``now``; ``rehearse`` rolls it back in the end."""
    wall = wall_time()
    with database.rehearsing() if rehearse else database.writing() as connection:
        uow = UnitOfWork(connection, database.service, now or wall, wall)
        yield uow
        uow.flush()


@contextmanager
def changed(settings: Settings, name: str, *, otherwise: str, begins: bool = False) -> Iterator[UnitOfWork]:
    """Give a unit of work on the database of ``name``; what it publishes goes out when chuan starts next.

    What ``begins`` has the database made where there is none yet; else raises as ``opened``, and as ``locked``.
    """
    if begins:
        _make(settings, name, otherwise)
    with (
        opened(settings, name) as database,
        locked(settings, otherwise=otherwise),
        # Where the clock follows the events, what is done here is published at the events' time too.
        changing(database, now=event_clock(settings)) as uow,
    ):
        yield uow


def _make(settings: Settings, name: str, otherwise: str) -> None:
    database = Database(settings.service_database_url(), name, pool_size=1)
    try:
        if database.is_sqlite:
            with locked(settings, otherwise=otherwise):
                migrate(database)
    finally:
        database.close()


def today(settings: Settings) -> date:
    """Return the legal day: that of the events where a clock follows them, else the day on the wall."""
    return local_day(event_clock(settings) or wall_time())


def event_clock(settings: Settings) -> datetime | None:
    """Return the business time at which ``chuan process`` left this data, None where it was never used."""
    if not _has_intake(settings):
        return None
    with reading(settings, INTAKE) as connection:
        return stored_event_clock(connection)


def stored_event_clock(connection: sa.Connection) -> datetime | None:
    """Return how far the clock of ``chuan process`` had come, from the database called ``INTAKE``."""
    seconds = connection.scalar(sa.select(timer_slots.c.slot).where(timer_slots.c.timer == EVENT_CLOCK))
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _has_intake(settings: Settings) -> bool:
    """Tell whether ``chuan process`` was ever used here; on a server it may have neither schema nor role."""
    if not is_made(settings, INTAKE):
        return False
    try:
        with opened(settings, INTAKE):
            return True
    except (Conflict, DependencyDown):
        return False
