"""``chuan doctor``: what this installation is set to, and whether everything it points to is there."""

from __future__ import annotations

import typer

from services.cli import checks
from services.cli.checks import Level
from services.cli.options import AsJson, DataFolder
from services.cli.output import print_json, visible

_WIDTH = max(map(len, Level))


def doctor(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Check Python, packages, settings, data folder, databases, broker, mail server and port.

    Each line says ok, warn or fail, and what to do. Exit code 1 when something failed.

    Example: CHUAN_BROKER_URL=amqp://chuan:secret@localhost chuan doctor
    """
    found = list(checks.all_findings(data))
    if as_json:
        print_json(found)
    else:
        for one in found:
            advice = f" -> {one.advice}" if one.advice else ""
            print(visible(f"{one.level:{_WIDTH}}  {one.subject}: {one.finding}{advice}"))
    if any(one.level is Level.FAIL for one in found):
        raise typer.Exit(1)
