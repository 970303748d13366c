"""``chuan import``: real files of others to event lines."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.cli.importers import IMPORTERS, Refusal
from services.cli.output import print_refusal
from shared.contracts.codec import encode
from shared.kernel.errors import Refused

Source = StrEnum("Source", {name: name for name in IMPORTERS})  # type: ignore[misc] # typer offers the members as the choices


def import_file(
    source: Annotated[Source, typer.Argument(help="Whose format the file has.")],
    file: Annotated[
        Path, typer.Argument(help="The file, as its publisher gives it out.", metavar="FILE", exists=True, dir_okay=False)
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 when a record was refused.")] = False,
) -> None:
    """Print the records of FILE as events, one JSON object a line, for `chuan process` or `chuan publish`.

    Every record becomes one event or one named refusal on standard error. Ids are the source's own, so that a record
    imported twice is one event.

    Example: chuan import safety-gate alerts.jsonl > alerts.events.jsonl
    """
    events = refused = 0
    with file.open("rb") as records:
        for one in IMPORTERS[source.value](records, str(file)):
            if isinstance(one, Refusal):
                refused += 1
                print_refusal(f"{one.file}:{one.line}", Refused(one.reason, one.detail, one.pointer))
            else:
                events += 1
                sys.stdout.buffer.write(encode(one) + b"\n")
    sys.stdout.buffer.flush()
    print(f"{file}: {events:,} events, {refused:,} records refused", file=sys.stderr)
    if strict and refused:
        raise typer.Exit(2)
