"""How commands print: aligned tables, JSON, and text of others that cannot take over a terminal."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.kernel.clock import HANOI
from shared.kernel.errors import Refused

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WIDE = 100_000  # columns: what is read by a program is never folded

_encode = msgspec.json.Encoder(decimal_format="number").encode


def print_json(document: Any) -> None:
    """Print ``document`` as indented JSON."""
    print(msgspec.json.format(_encode(document), indent=2).decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table: folded to the width of a terminal, one line a row elsewhere. Columns of numbers are flush right."""
    cells = [[_cell(value) for value in row] for row in rows]
    numeric = [bool(cells) and all(_is_number(row[index]) for row in cells) for index in range(len(columns))]
    table = Table(box=box.SIMPLE_HEAD if sys.stdout.isatty() else None, pad_edge=False)
    for name, flush_right in zip(columns, numeric, strict=True):
        table.add_column(name, justify="right" if flush_right else "left", overflow="fold")
    for row in cells:
        table.add_row(*map(Text, row))
    if sys.stdout.isatty():
        Console().print(table)
        return
    plain = io.StringIO()
    Console(file=plain, width=_WIDE).print(table)
    print("\n".join(line.rstrip() for line in plain.getvalue().splitlines()))


def visible(text: str) -> str:
    """Return ``text`` with its control characters spelt out; line feeds and tabs stay."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def print_refusal(origin: str, error: Refused) -> None:
    """Print on one line where an event stood, why it was refused, and at which JSON pointer."""
    place = f" at {error.pointer}" if error.pointer else ""
    print(visible(f"{origin}: {error.reason}{place}: {error.detail}").replace("\n", "\\n"), file=sys.stderr)


def local(moment: datetime) -> str:
    """Return a moment as it is shown: the time in Hà Nội, to the second."""
    return moment.astimezone(HANOI).strftime("%Y-%m-%d %H:%M:%S")


def age(span: timedelta) -> str:
    """Return a span of time in its two largest units."""
    seconds = max(0, int(span.total_seconds()))
    minutes = seconds // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def _cell(value: object) -> str:
    return "" if value is None else visible(str(value)).replace("\n", " ")


def _is_number(text: str) -> bool:
    return not text or text.lstrip("+-").replace(".", "", 1).replace(",", "").isdigit()
