"""Other bytes for a letter: one person proposes them, another approves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli.databases import desk_names, locked, reading, settings_of
from services.cli.dead_letters.choosing import OneId, at_the_desk_of, desks, find, horizon_of, who_acts
from services.cli.options import DataFolder
from shared.kernel.errors import NotFound
from shared.messaging import dead_letters
from shared.messaging.dead_letters import Edit
from shared.room import wall_time
from shared.settings import Settings

EditId = Annotated[str, typer.Argument(help="Id of an edit, as `edit` and `show` print it.", metavar="EDIT")]


def edit(
    letter_id: OneId,
    file: Annotated[Path, typer.Argument(help="File with the whole event as it should be.", metavar="FILE")],
    reason: Annotated[str, typer.Option("--reason", help="Why the event must be changed.")],
    service: Annotated[str, typer.Option("--service", help="Which service's letter, when several have the id.")] = "",
    data: DataFolder = None,
) -> None:
    """Propose other bytes for a letter. Nothing happens until another person approves; who acts, CHUAN_TOKEN says.

    Example: chuan dead-letters edit 3f0b6a526d0e5d0c9d356e0f4c2f9a11 corrected.json --reason "unit was mg/l"
    """
    settings = settings_of(data)
    by, now, body = who_acts(settings), wall_time(), file.read_bytes().strip()
    letters = [one for one in find(settings, letter_id) if service in ("", one.service)]
    if not letters:
        raise NotFound(f"{service} has no letter {letter_id}")
    for letter in letters:
        with at_the_desk_of(settings, letter) as (desk, _outlet):
            proposed = dead_letters.propose(desk, letter_id, body, reason, now, by=by, horizon=horizon_of(settings))
        print(f"edit {proposed.id} of {letter.service} waits for another person's approval")


def approve(edit_id: EditId, data: DataFolder = None) -> None:
    """Approve what another person proposed: the edited event is tried under its id, and says that it was edited.

    Example: chuan dead-letters approve 8c1f6a526d0e5d0c9d356e0f4c2f9a11
    """
    settings = settings_of(data)
    by = who_acts(settings)
    with locked(settings), desks(settings, _owner(settings, edit_id)) as (desk, outlet):
        decided = dead_letters.approve(desk, edit_id, wall_time(), by=by, horizon=horizon_of(settings), outlet=outlet)
    _tell(decided)


def reject(
    edit_id: EditId,
    reason: Annotated[str, typer.Option("--reason", help="Why not.")],
    data: DataFolder = None,
) -> None:
    """Reject a proposed edit, or take one's own back; the letter waits on.

    Example: chuan dead-letters reject 8c1f6a526d0e5d0c9d356e0f4c2f9a11 --reason "the laboratory sends it again"
    """
    settings = settings_of(data)
    by = who_acts(settings)
    with locked(settings), desks(settings, _owner(settings, edit_id)) as (desk, _outlet):
        decided = dead_letters.reject(desk, edit_id, reason, wall_time(), by=by)
    _tell(decided)


def _owner(settings: Settings, edit_id: str) -> str:
    """Return the name of the database that the edit was proposed in."""
    for name in desk_names(settings):
        with reading(settings, name) as connection:
            if dead_letters.edit(connection, edit_id):
                return name
    raise NotFound(f"no edit {edit_id}; `chuan dead-letters show ID` shows those of a letter")


def _tell(decided: Edit) -> None:
    print(f"edit {decided.id} of letter {decided.letter}: {decided.state} by {decided.decided_by}")
