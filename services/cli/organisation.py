"""``chuan organisation``: the provinces and units of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated

import typer

from services.cli.databases import settings_of, today
from services.cli.options import AsJson, DataFolder, day
from services.cli.output import print_json, print_table
from services.planning.queries.organisation import chart
from shared.organisation import Unit
from shared.organisation.file import read_organisation


def organisation(
    on: Annotated[date | None, typer.Option(parser=day, help="The day; today without it.", metavar="DAY")] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print the units of a day, each below the one it belongs to, with where they work and how long they stand.

    They come from the file that CHUAN_ORGANISATION names, which is checked as a whole.

    Example: chuan organisation --on 2025-06-30
    """
    settings = settings_of(data)
    found = chart(read_organisation(settings.organisation), on or today(settings))
    if as_json:
        print_json(found)
        return
    print(f"{found.on}: {len(found.provinces)} provinces, {len(found.units)} units{' (samples)' if found.sample else ''}")
    print_table(("unit", "kind", "name", "province", "from", "to", "verified"), _rows(found.units))


def _rows(units: Iterable[Unit]) -> Iterator[tuple[object, ...]]:
    depth: dict[str, int] = {}
    for unit in units:
        depth[unit.code] = depth.get(unit.parent, -1) + 1
        shown = f"{'. ' * depth[unit.code]}{unit.code}"
        verified = "yes" if unit.verified else "no"
        yield shown, unit.kind, unit.name.vi, unit.province, unit.valid_from, unit.valid_to, verified
