"""Options that several commands share, with one meaning."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

DataFolder: TypeAlias = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder of the embedded mode; default CHUAN_DATABASE_URL, then CHUAN_DATA_DIR or .chuan."),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Url: TypeAlias = Annotated[str, typer.Option("--url", help="Send it to a running chuan, with the token in CHUAN_TOKEN.")]
Officer: TypeAlias = Annotated[str, typer.Option("--by", help="Who says so: a unit or an office, no name of a person.")]


def day(text: str) -> date:
    """Read a day as an option gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it like 2025-06-30") from None
