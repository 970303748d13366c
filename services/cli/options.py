"""Options that several commands share, with one meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

DataFolder: TypeAlias = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder of the embedded mode; default CHUAN_DATABASE_URL, then CHUAN_DATA_DIR or .chuan."),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
