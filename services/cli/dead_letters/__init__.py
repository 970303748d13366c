"""``chuan dead-letters``: what waits for a person, in every service's database and among the lines that were never read."""

from __future__ import annotations

import typer

from services.cli.dead_letters import collecting, deciding, editing, looking

desk = typer.Typer(help="Events that failed and bytes that could not be read: look, rehearse, replay, edit, drop.")

for command in (
    looking.list_letters,
    looking.show,
    looking.acts,
    collecting.collect,
    deciding.replay,
    deciding.drop,
    deciding.note,
    deciding.resume,
    editing.edit,
    editing.approve,
    editing.reject,
):
    desk.command(command.__name__.partition("_")[0])(command)
