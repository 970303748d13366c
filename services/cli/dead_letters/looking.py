"""What lies on the desk, one letter with its history, and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from services.cli.databases import desk_names, reading, settings_of
from services.cli.dead_letters.choosing import Cause, OneId, find
from services.cli.options import AsJson, DataFolder
from services.cli.output import age, local, print_json, print_table, visible
from shared.messaging import dead_letters
from shared.messaging.dead_letters import Act, Edit, Letter, Selection, State
from shared.room import wall_time
from shared.web.desk import shown

_MOST_LETTERS = 100


def list_letters(cause: Cause = "", data: DataFolder = None, as_json: AsJson = False) -> None:
    """List what failed, alike with alike: how many, since when, and the id of one as an example; or one cause's letters.

    Example: chuan dead-letters list --data .chuan
    """
    settings = settings_of(data)
    groups, letters = [], []
    for name in desk_names(settings):
        with reading(settings, name) as connection:
            if cause:
                letters += dead_letters.letters(connection, name, Selection(cause=cause), limit=_MOST_LETTERS)
            else:
                groups += dead_letters.groups(connection, name)
    if as_json:
        print_json([shown(one) for one in letters] if cause else groups)
        return
    if cause:
        singles = ("service", "id", "state", "subject", "received")
        print_table(singles, [(one.service, one.id, one.state, one.subject, local(one.received_at)) for one in letters])
        return
    now = wall_time()
    columns = ("service", "state", "type", "cause", "handler", "count", "oldest", "example")
    rows = [
        (one.service, one.state, one.type, one.cause, one.handler, one.count, age(now - one.oldest), one.example)
        for one in groups
    ]
    if rows:
        print_table(columns, rows)
    waiting = sum(one.count for one in groups if one.state in (State.DEAD, State.QUARANTINED))
    print({0: "no letter waits", 1: "1 letter waits"}.get(waiting, f"{waiting:,} letters wait") + " for a person")


def show(letter_id: OneId, data: DataFolder = None, as_json: AsJson = False) -> None:
    """Show all that is known of one letter: its raw body and its error, what was done with it, and proposed edits.

    Example: chuan dead-letters show 3f0b6a526d0e5d0c9d356e0f4c2f9a11
    """
    settings = settings_of(data)
    found = []
    for letter in find(settings, letter_id):
        with reading(settings, letter.service) as connection:
            found.append((letter, dead_letters.acts(connection, letter=letter_id), dead_letters.edits(connection, letter_id)))
    if as_json:
        print_json([{**shown(letter), "acts": acts, "edits": [shown(one) for one in edits]} for letter, acts, edits in found])
        return
    for letter, acts, edits in found:
        _print_letter(letter, acts, edits)


def acts(
    service: Annotated[str, typer.Argument(help="The service, or intake.", metavar="SERVICE")],
    after: Annotated[int, typer.Option("--after", help="Only acts with a higher number.")] = 0,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the audit trail of a service's desk, and check that nobody tampered with it. Exit code 1: somebody did.

    Example: chuan dead-letters acts inspection
    """
    with reading(settings_of(data), service) as connection:
        found, broken = dead_letters.acts(connection, after=after), dead_letters.first_broken(connection)
    if as_json:
        print_json({"acts": found, "first_broken": broken})
    else:
        columns = ("number", "at", "actor", "act", "letter", "what", "why")
        print_table(columns, [(one.number, local(one.at), one.actor, one.act, one.letter, one.what, one.why) for one in found])
        digest = found[-1].digest if found else ""
        print(f"row {broken} was changed, moved or removed" if broken else f"the trail is whole; its last digest: {digest}")
    if broken:
        raise typer.Exit(1)


def _print_letter(one: Letter, history: Sequence[Act], proposals: Sequence[Edit]) -> None:
    lines = {
        "id": one.id,
        "service": one.service,
        "state": one.state,
        "type": one.type,
        "subject": one.subject,
        "origin": one.origin,
        "received": local(one.received_at),
        "handler": one.handler,
        "attempts": str(one.attempts or ""),
        "next attempt": local(one.due_at) if one.due_at else "",
        "pointer": one.pointer,
        "error": one.error,
    }
    for name, value in lines.items():
        if value:
            print(f"{name + ':':14}{visible(value)}")
    for act in history:
        print(visible(f"{local(act.at)} {act.actor}: {act.act}{f' ({act.what})' if act.what else ''} {act.why}".rstrip()))
    print("body:")
    print(visible(one.body.decode(errors="backslashreplace")))
    for edit in proposals:
        print(visible(f"edit {edit.id}, {edit.state}, by {edit.proposed_by}: {edit.why}"))
        print(visible(edit.proposed.decode(errors="backslashreplace")))
