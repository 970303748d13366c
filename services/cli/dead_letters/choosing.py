"""Which letters a command is about, in which databases they lie, and who acts."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, TypeAlias

import typer

from services.cli.databases import INTAKE, changing, desk_names, locked, opened, reading
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import Conflict, InvalidInput, NotFound
from shared.messaging import dead_letters
from shared.messaging.dead_letters import Letter, Person, Selection
from shared.settings import Settings
from shared.web.auth import Tokens

OneId: TypeAlias = Annotated[str, typer.Argument(help="Id of a letter, as `list` prints it.", metavar="ID")]
LetterId: TypeAlias = Annotated[str, typer.Argument(help="Id of one letter, as `list` and `show` print it.", metavar="[ID]")]
Cause: TypeAlias = Annotated[str, typer.Option("--cause", help="All letters whose cause, as `list` prints it, begins with this.")]
Everything: TypeAlias = Annotated[bool, typer.Option("--all", help="All letters.")]


def selection_of(letter_id: str, cause: str, everything: bool) -> Selection:
    """Return which letters were named; raise ``InvalidInput`` unless it was done in exactly one way."""
    if sum(map(bool, (letter_id, cause, everything))) != 1:
        raise InvalidInput("say which letters: an ID, --cause TEXT, or --all")
    return Selection(id=letter_id, cause=cause)


def who_acts(settings: Settings) -> Person:
    """Return who types: proven by ``CHUAN_TOKEN``, or else the user of this machine, whose word nobody has checked."""
    token = os.environ.get("CHUAN_TOKEN", "")
    if not token:
        return Person(f"os:{_user()}", proven=False)
    holder = Tokens(settings.tokens_file).holder(token)
    if holder is None or "operator" not in holder.roles:
        raise InvalidInput("CHUAN_TOKEN is not the token of an operator in CHUAN_TOKENS_FILE")
    return Person(holder.name, proven=True)


def _user() -> str:
    """Return the user of this process; the environment could say anything, and a container may have no names."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def horizon_of(settings: Settings) -> timedelta:
    """Return how far back a replay may reach."""
    return timedelta(days=settings.replay_horizon_days)


def find(settings: Settings, letter_id: str) -> list[Letter]:
    """Return the letters of this id: one, or one in each service that could not handle the event."""
    found = []
    for name in desk_names(settings):
        with reading(settings, name) as connection:
            found.append(dead_letters.letter(connection, name, letter_id))
    letters = [one for one in found if one is not None]
    if not letters:
        raise NotFound(f"no letter {letter_id}; `chuan dead-letters list` shows the id of one of each kind")
    return letters


def check_found(settings: Settings, selection: Selection, number: int) -> None:
    """Raise an error that tells why a letter asked for by its id was not touched."""
    if number or not selection.id:
        return
    one = find(settings, selection.id)[0]
    raise Conflict(
        f"letter {one.id} of {one.service} is in the state {one.state}: only dead and quarantined ones wait for a decision"
    )


@contextmanager
def desks(settings: Settings, name: str) -> Iterator[tuple[UnitOfWork, UnitOfWork]]:
    """Give the desk of a database and the outlet of what it publishes: nobody relays the intake's own outbox.

    The outlet's transaction ends first: a crash in between leaves an event published twice, which every inbox notices,
    and not one that is lost.
    """
    with opened(settings, name) as database, changing(database) as own:
        if name != INTAKE:
            yield own, own
            return
        with opened(settings, desk_names(settings)[0]) as other, changing(other) as its:
            yield own, its


@contextmanager
def at_the_desk_of(settings: Settings, letter: Letter) -> Iterator[tuple[UnitOfWork, UnitOfWork]]:
    """Give the desk that ``letter`` lies on, with nobody else using its files."""
    with locked(settings), desks(settings, letter.service) as found:
        yield found
