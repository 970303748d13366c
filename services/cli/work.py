"""``chuan work``: the everyday work of units by item type."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli.databases import reading, settings_of, today
from services.cli.options import AsJson, DataFolder
from services.cli.output import print_json, print_table
from services.planning.queries import work as everyday

work = typer.Typer(help="The everyday work of units by item type.")


@work.callback()
def _group() -> None:
    """Show the everyday work of units by item type."""


@work.command()
def types(as_json: AsJson = False) -> None:
    """List the item types: their steps, the events that tell of them, and their duties with a time limit.

    Example: chuan work types
    """
    found = everyday.types()
    if as_json:
        print_json(found)
        return
    rows = [(one["item_type"], step["step"], step["vi"], step["event"]) for one in found for step in one["steps"]]
    print_table(("item type", "step", "", "event"), rows)
    print()
    print_table(("item type", "duty"), [(one["item_type"], duty) for one in found for duty in one["duties"]])


@work.command("list")
def list_(
    year: Annotated[int | None, typer.Option("--year", min=1990, max=2099, help="The year; this one without.")] = None,
    unit: Annotated[str, typer.Option("--unit", help="Only this unit's.")] = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List what units did in a year beside the year before, and the shares that must be reached.

    Example: chuan work list --year 2025 --unit SAMPLE-UNIT-46
    """
    settings = settings_of(data)
    with reading(settings, "planning") as connection:
        found = everyday.work(connection, year or today(settings).year, unit=unit)
    if as_json:
        print_json(found)
        return
    print_table(
        ("item type", "unit", "step", "done", "year before"),
        [
            (one["item_type"], one["unit"], step["vi"], step["done"], step["year_before"])
            for one in found
            for step in one["steps"]
        ],
    )
    print()
    shares = [(one, one["share"]) for one in found if one["share"] is not None and one["share"]["among"]]
    print_table(
        ("item type", "unit", "share", "needed", "source"),
        [
            (one["item_type"], one["unit"], f"{share['of']}/{share['among']}", share["needed"] or "", share["source"])
            for one, share in shares
        ],
    )
