"""What the commands about plans and tasks share: the planning database, and a running chuan in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Annotated, Any, TypeAlias, TypeVar

import msgspec
import sqlalchemy as sa
import typer

from services.cli.databases import changed, event_clock, opened
from shared.client.remote import Remote, problem
from shared.database.unit_of_work import UnitOfWork
from shared.kernel import wellformed
from shared.kernel.deadlines import local_day
from shared.kernel.errors import InvalidInput
from shared.room import wall_time
from shared.settings import Settings

PlanId: TypeAlias = Annotated[str, typer.Argument(help="The plan's id.", metavar="PLAN")]
Officer: TypeAlias = Annotated[str, typer.Option("--by", help="Who says so: a unit or an office, no name of a person.")]
Url: TypeAlias = Annotated[str, typer.Option("--url", help="Send it to a running chuan, with the token in CHUAN_TOKEN.")]

T = TypeVar("T")


def today(settings: Settings) -> date:
    """Return the legal day: that of the events where a clock follows them, else the day on the wall."""
    return local_day(event_clock(settings) or wall_time())


@contextmanager
def reading(settings: Settings) -> Iterator[sa.Connection]:
    """Give a snapshot of the planning database."""
    with opened(settings, "planning") as database, database.reading() as connection:
        yield connection


@contextmanager
def changing_plans(settings: Settings) -> Iterator[UnitOfWork]:
    """Give a unit of work on the planning database; what it publishes goes out when chuan starts next."""
    with changed(settings, "planning", otherwise="give --url to send it there") as uow:
        yield uow


def well_formed(given: dict[str, Any], kind: type[T]) -> T:
    """Return the options that were given as ``kind``; raise ``InvalidInput`` that names the one which is wrong."""
    found: T = wellformed.well_formed({name: value for name, value in given.items() if value not in ("", None)}, kind)
    return found


def send(url: str, path: str, body: Any) -> bytes:
    """Post ``body`` to a running chuan and return its answer; raise ``InvalidInput`` with what it says is wrong."""
    with closing(Remote(url)) as remote:
        answer = remote.post(path, msgspec.json.encode(body), "application/json")
    if not answer.ok:
        said = problem(answer)
        raise InvalidInput(f"{url} refused it: {said.detail or said.title}", said.pointer)
    return answer.content
