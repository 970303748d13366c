"""``chuan register``: what is known of sites, products, instruments and bodies, and the loading of others' registers."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import msgspec
import sqlalchemy as sa
import typer

from services.cli.databases import reading, settings_of
from services.cli.options import AsJson, DataFolder, Url
from services.cli.orders import carry_out
from services.cli.output import print_json, print_table, visible
from services.inspection.registers import asking
from services.inspection.registers.entries import Register
from services.inspection.registers.loading import MOST_AT_ONCE, Loaded, load
from shared.contracts.strict_json import read_json
from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import read_query
from shared.typed_files import in_file

register = typer.Typer(help="Known sites, products, instruments and bodies.")

Which = Annotated[Register, typer.Argument(help="Which register.", metavar="REGISTER")]

_LISTS: dict[Register, tuple[type[asking.PageQuery], Callable[[sa.Connection, Any], asking.Page], tuple[str, ...]]] = {
    Register.SITES: (asking.SiteQuery, asking.list_sites, ("site_id", "name", "province", "tax_code", "tax_code_flaw")),
    Register.PRODUCTS: (
        asking.ProductQuery,
        asking.list_products,
        ("product_id", "product_group", "name", "brand", "model", "gtin", "gtin_flaw", "origin"),
    ),
    Register.INSTRUMENTS: (
        asking.InstrumentQuery,
        asking.list_instruments,
        ("due_on", "instrument_type", "instrument_id", "site_id", "province", "verified_on"),
    ),
    Register.BODIES: (asking.BodyQuery, asking.list_bodies, ("body_id", "name", "kind", "province", "valid_from", "valid_to")),
}


@register.callback()
def _group() -> None:
    """Known sites, products, instruments and bodies."""


@register.command(name="list")
def list_(
    which: Which,
    q: Annotated[str, typer.Option(help="Words, or beginnings of words, of names; of sites and products.")] = "",
    province: Annotated[str, typer.Option(help="Only those of one province, by its code.")] = "",
    site: Annotated[str, typer.Option(help="Only the instruments of this site.")] = "",
    due_before: Annotated[
        datetime | None, typer.Option(help="Only instruments due before this day.", formats=["%Y-%m-%d"], metavar="DAY")
    ] = None,
    scope: Annotated[str, typer.Option(help="Only bodies for this instrument type or product group.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=500)] = 50,
    after: Annotated[str, typer.Option(help="Go on after the page that gave this.")] = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """List what is known: instruments by the day they must be verified, the rest by their ids.

    Example: chuan register list instruments --due-before 2025-04-01 --province 46
    """
    day = due_before.date().isoformat() if due_before else ""
    asked = {"q": q, "province": province, "site": site, "due_before": day, "scope": scope, "after": after}
    query, find, columns = _LISTS[which]
    wanted = read_query({"limit": str(limit)} | {name: value for name, value in asked.items() if value}, query)
    with reading(settings_of(data), "inspection") as connection:
        page = find(connection, wanted)
    if as_json:
        print_json(page)
        return
    print_table(columns, [[one[name] for name in columns] for one in page.items])
    if page.after:
        print(f"more: --after '{page.after}'", file=sys.stderr)


@register.command()
def show(
    which: Which,
    id_: Annotated[str, typer.Argument(help="The id of a site or a product.", metavar="ID")],
    data: DataFolder = None,
) -> None:
    """Show a site with its products and instruments, or a product with the sites it was met at, as JSON.

    Example: chuan register show sites SAMPLE-FUEL-46-0001
    """
    if which not in (Register.SITES, Register.PRODUCTS):
        raise InvalidInput(f"the list of {which} shows all that is known of them: chuan register list {which} --json")
    with reading(settings_of(data), "inspection") as connection:
        print_json(asking.site(connection, id_) if which is Register.SITES else asking.product(connection, id_))


@register.command(name="load")
def load_(
    which: Which,
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with a header, a JSON array, or JSON lines, in UTF-8.", metavar="FILE", exists=True, dir_okay=False
        ),
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 when an entry was refused.")] = False,
    url: Url = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Load the register of others; entries that cannot be right are refused one by one, with the reason.

    Example: chuan register load sites sites.csv
    """
    entries = list(_entries(file))
    done = [_loaded(which, part, url, data) for part in _parts(entries)]
    whole = Loaded(loaded=sum(one.loaded for one in done), refused=[refusal for one in done for refusal in one.refused])
    if as_json:
        print_json(whole)
    else:
        for one in whole.refused:
            place = f" at {one.pointer}" if one.pointer else ""
            print(visible(f"{file}:{one.line}{place}: {one.detail}").replace("\n", "\\n"), file=sys.stderr)
        print(f"{file}: {whole.loaded:,} entries loaded, {len(whole.refused):,} refused")
    if strict and whole.refused:
        raise typer.Exit(2)


def _parts(entries: list[tuple[int, Any]]) -> Iterator[list[tuple[int, Any]]]:
    return (entries[start : start + MOST_AT_ONCE] for start in range(0, len(entries), MOST_AT_ONCE))


def _loaded(which: Register, part: list[tuple[int, Any]], url: str, data: Path | None) -> Loaded:
    lines, entries = zip(*part, strict=True)
    # Numbered anew, for a running chuan sees the part alone.
    do = partial(load, which, enumerate(entries, start=1))
    done: Loaded = carry_out(do, f"/v1/{which}", entries, service="inspection", url=url, data=data, begins=True, answer=Loaded)
    refused = [msgspec.structs.replace(one, line=lines[one.line - 1]) for one in done.refused]
    return Loaded(loaded=done.loaded, refused=refused)


def _entries(file: Path) -> Iterator[tuple[int, Any]]:
    """Yield the entries of a file with their places: lines, or the positions in a JSON array."""
    with in_file(file):
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() == ".csv":
            yield from _rows(text)
        elif text.lstrip().startswith("["):
            yield from enumerate(read_json(text.encode(), list[Any]), start=1)
        else:
            lines = enumerate(text.split("\n"), start=1)
            yield from ((number, _read_line(number, line)) for number, line in lines if line.strip())


def _read_line(number: int, line: str) -> Any:
    try:
        return read_json(line.encode())
    except InvalidInput as error:
        raise InvalidInput(f"line {number}: this is no JSON: {error.detail}", error.pointer) from error


def _rows(text: str) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a CSV; raise ``InvalidInput`` where it is none, or it cannot be told which of two columns is meant."""
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = rows.fieldnames or ()
        if twice := [name for name in names if names.count(name) > 1]:
            raise InvalidInput(f"the column {twice[0]!r} stands twice")
        yield from ((rows.line_num, {str(name): value for name, value in row.items()}) for row in rows)
    except csv.Error as error:
        raise InvalidInput(f"line {rows.line_num}: this is no CSV: {error}") from error
