"""``chuan dead-letters``: what waits for a person, in every service's database and among the lines that were never read."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Annotated, Any

import msgspec
import typer

from services.cli.databases import INTAKE, changing, desk_names, locked, opened, settings_of
from services.cli.options import AsJson, DataFolder
from services.cli.output import age, local, print_json, print_table, visible
from shared.kernel.errors import Conflict, InvalidInput, NotFound
from shared.messaging import dead_letters
from shared.messaging.dead_letters import Letter, Replayed, Selection, State
from shared.room import wall_time
from shared.settings import Settings

desk = typer.Typer(help="Events that failed and bytes that could not be read: list, show, replay, drop.")

LetterId = Annotated[str, typer.Argument(help="Id of one letter, as `list` and `show` print it.", metavar="[ID]")]
Cause = Annotated[str, typer.Option("--cause", help="All letters whose cause, as `list` prints it, begins with this.")]
Everything = Annotated[bool, typer.Option("--all", help="All letters.")]
_LEFT_SHOWN = 20


@desk.command("list")
def list_groups(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List what failed, alike with alike: how many, since when, and the id of one as an example.

    Example: chuan dead-letters list --data .chuan
    """
    settings = settings_of(data)
    found = []
    for name in desk_names(settings):
        with opened(settings, name) as database, database.reading() as connection:
            found += dead_letters.groups(connection, name)
    if as_json:
        print_json(found)
        return
    now = wall_time()
    columns = ("service", "state", "type", "cause", "count", "oldest", "example")
    rows = [(one.service, one.state, one.type, one.cause, one.count, age(now - one.oldest), one.example) for one in found]
    if rows:
        print_table(columns, rows)
    waiting = sum(one.count for one in found if one.state in (State.DEAD, State.QUARANTINED))
    print({0: "no letter waits", 1: "1 letter waits"}.get(waiting, f"{waiting:,} letters wait") + " for a person")


@desk.command()
def show(
    letter_id: Annotated[str, typer.Argument(help="Id of a letter, as `list` prints it.", metavar="ID")],
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show all that is known of one letter, its raw body and its error included.

    Example: chuan dead-letters show 3f0b6a526d0e5d0c9d356e0f4c2f9a11
    """
    found = _find(settings_of(data), letter_id)
    if not found:
        raise NotFound(f"no letter {letter_id}; `chuan dead-letters list` shows the id of one of each kind")
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    for one in found:
        _print_letter(one)


@desk.command()
def replay(
    letter_id: LetterId = "",
    cause: Cause = "",
    everything: Everything = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Have dead events tried again, and read quarantined bytes again.

    Dead events get all their attempts anew. What is readable now is published; inboxes know what they have handled, so
    nothing is done twice. On SQLite it is done when chuan starts next. Exit code 2: something
    could not be replayed.

    Example: chuan dead-letters replay --cause "newer_version" --dry-run
    """
    settings, selection = settings_of(data), _selection(letter_id, cause, everything)
    names = desk_names(settings)
    with locked(settings):
        done = {name: _replay_in(settings, name, selection, dry_run, outlet=names[0]) for name in names}
    _check_found(settings, selection, sum(one.events + one.published + len(one.left) for one in done.values()))
    left = [(name, one) for name, result in done.items() for one in result.left]
    events, published = sum(one.events for one in done.values()), sum(one.published for one in done.values())
    if as_json:
        print_json({"dry_run": dry_run, "events": events, "published": published, "left": [one for _, one in left]})
    else:
        for name, one in left[:_LEFT_SHOWN]:
            typer.echo(visible(f"{name} {one.id} ({one.origin}): {one.why}"), err=True)
        nothing = " (dry run: nothing was changed)" if dry_run else ""
        print(f"tried again: {events:,}, published: {published:,}, left as they are: {len(left):,}{nothing}")
    if left:
        raise typer.Exit(2)


@desk.command()
def drop(
    reason: Annotated[str, typer.Option("--reason", help="Why they are given up; kept with each letter.")],
    letter_id: LetterId = "",
    cause: Cause = "",
    everything: Everything = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Give letters up for a reason. They are kept, in the state ``dropped``, and are not tried again.

    Example: chuan dead-letters drop 3f0b6a526d0e5d0c9d356e0f4c2f9a11 --reason "test message of the laboratory"
    """
    settings, selection = settings_of(data), _selection(letter_id, cause, everything)
    names, dropped = desk_names(settings), 0
    with locked(settings):
        for name in names:
            with opened(settings, name) as database, changing(database) as uow:
                dropped += dead_letters.drop(uow, selection, reason, wall_time())
    _check_found(settings, selection, dropped)
    if as_json:
        print_json({"dropped": dropped})
    else:
        print(f"{dropped:,} {'letter' if dropped == 1 else 'letters'} dropped")


def _selection(letter_id: str, cause: str, everything: bool) -> Selection:
    if sum(map(bool, (letter_id, cause, everything))) != 1:
        raise InvalidInput("say which letters: an ID, --cause TEXT, or --all")
    return Selection(id=letter_id, cause=cause)


def _find(settings: Settings, letter_id: str) -> list[Letter]:
    found = []
    for name in desk_names(settings):
        with opened(settings, name) as database, database.reading() as connection:
            found.append(dead_letters.letter(connection, name, letter_id))
    return [one for one in found if one is not None]


def _replay_in(settings: Settings, name: str, selection: Selection, dry_run: bool, outlet: str) -> Replayed:
    """Replay in one database; nobody relays the intake's outbox, so what it publishes goes to that of ``outlet``."""
    now, horizon = wall_time(), timedelta(days=settings.replay_horizon_days)
    with opened(settings, name) as database, changing(database, rehearse=dry_run) as own:
        if name != INTAKE:
            return dead_letters.replay(own, selection, now, horizon=horizon)
        # The service's transaction ends first: a crash in between leaves an event published twice, which every inbox
        # notices, and not one that is lost.
        with opened(settings, outlet) as other, changing(other, rehearse=dry_run) as its:
            return dead_letters.replay(own, selection, now, horizon=horizon, outlet=its)


def _check_found(settings: Settings, selection: Selection, number: int) -> None:
    """Raise an error that tells why a letter asked for by its id was not touched."""
    if number or not selection.id:
        return
    for one in _find(settings, selection.id):
        raise Conflict(
            f"letter {one.id} of {one.service} is in the state {one.state}: only dead and quarantined ones wait for a decision"
        )
    raise NotFound(f"no letter {selection.id}; `chuan dead-letters list` shows the id of one of each kind")


def _as_json(one: Letter) -> dict[str, Any]:
    """Return a letter with its body as text, or in base64 where it is none."""
    shown: dict[str, Any] = msgspec.to_builtins(one, builtin_types=(bytes,))
    try:
        shown["body"] = one.body.decode()
    except UnicodeDecodeError:
        del shown["body"]
        shown["body_base64"] = base64.b64encode(one.body).decode()
    return shown


def _print_letter(one: Letter) -> None:
    lines = {
        "id": one.id,
        "service": one.service,
        "state": one.state,
        "type": one.type,
        "subject": one.subject,
        "origin": one.origin,
        "received": local(one.received_at),
        "attempts": str(one.attempts or ""),
        "next attempt": local(one.due_at) if one.due_at else "",
        "pointer": one.pointer,
        "error": one.error,
    }
    for name, value in lines.items():
        if value:
            print(f"{name + ':':14}{visible(value)}")
    print("body:")
    print(visible(one.body.decode(errors="backslashreplace")))
