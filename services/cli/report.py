"""``chuan report``: the roll-ups, read from the reporting database."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
import sqlalchemy as sa
import typer

from services.cli.databases import event_clock, reading, settings_of
from services.cli.options import AsJson, DataFolder, day
from services.cli.output import print_table
from services.reporting import queries
from services.reporting.indicators import indicators
from services.reporting.model import local_day
from services.reporting.periods import Period
from services.reporting.reports import By, Figure, Report, to_csv, to_json
from services.reporting.requests import PeriodQuery
from shared.i18n import province_name, term
from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import well_formed
from shared.room import wall_time
from shared.settings import Settings


class Format(StrEnum):
    """How a report is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Reports(msgspec.Struct, frozen=True, kw_only=True):
    """Every report over one period."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    reports: list[Report]


def report(
    name: Annotated[str, typer.Argument(help="One report; none: every one.", metavar="[NAME]")] = "",
    data: DataFolder = None,
    first: Annotated[date | None, typer.Option("--from", parser=day, help="First legal day.", metavar="DAY")] = None,
    last: Annotated[date | None, typer.Option("--to", parser=day, help="Last legal day.", metavar="DAY")] = None,
    by: Annotated[By, typer.Option("--by", help="What the rows are.")] = By.KIND,
    province: Annotated[str | None, typer.Option(help="Only this province, by its code.", metavar="CODE")] = None,
    product_group: Annotated[str | None, typer.Option(help="Only this product group.", metavar="GROUP")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind, as --by kind names it.", metavar="KIND")] = None,
    provinces_on: Annotated[
        date | None,
        typer.Option(parser=day, help="The day whose provinces are meant; else the period's last.", metavar="DAY"),
    ] = None,
    cut_off: Annotated[
        date | None, typer.Option(parser=day, help="Only what was known by the end of this day.", metavar="DAY")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.TABLE,
    as_json: AsJson = False,
) -> None:
    """Print the roll-ups beside those of the same period of the year before; without dates, of the newest year with figures.

    The same data give the same bytes. A filter without a value ('') asks for the events that have no such thing.

    Example: chuan report violations --from 2025-01-01 --to 2025-06-30 --by province --format csv
    """
    if as_json and form is Format.CSV:
        raise InvalidInput("--json and --format csv cannot both be had")
    settings = settings_of(data)
    asked = well_formed(
        {
            "from": first,
            "to": last,
            "province": province,
            "product_group": product_group,
            "kind": kind,
            "provinces_on": provinces_on,
            "cut_off": cut_off,
        },
        PeriodQuery,
    )
    with reading(settings, "reporting") as connection:
        found = _reports(connection, settings, [name] if name else list(indicators()), asked, by)
    form = Format.JSON if as_json else form
    if form is Format.JSON:
        whole = found[0] if name else Reports(first=found[0].first, last=found[0].last, reports=found)
        print(msgspec.json.format(to_json(whole), indent=2).decode())
    elif form is Format.CSV:
        print(to_csv(found[0]).decode() if name else _together(found), end="")
    else:
        _print_tables(found)


def _reports(connection: sa.Connection, settings: Settings, names: Sequence[str], asked: PeriodQuery, by: By) -> list[Report]:
    # Data that were processed may lie in the future: their own clock tells how far they go, whatever day it is today.
    today = local_day(max(wall_time(), event_clock(settings) or wall_time()))
    try:
        period = asked.period(queries.year_so_far(connection, today))
        period.year_before()
    except ValueError as error:
        raise InvalidInput(f"--from, --to: {error}") from error
    return [
        queries.report(connection, name, period.first, period.last, by, where=asked.where, cut_off=asked.cut_off)
        for name in names
    ]


def _together(found: Sequence[Report]) -> str:
    """Return several reports as one CSV: the lines of each with its name before them, under one header."""
    text = io.StringIO()
    writer = csv.writer(text)
    for number, one in enumerate(found):
        header, *lines = csv.reader(io.StringIO(to_csv(one).decode(), newline=""))
        writer.writerows(([["report", *header]] if number == 0 else []) + [[one.name, *line] for line in lines])
    return text.getvalue()


def _print_tables(found: Sequence[Report]) -> None:
    of = Period(found[0].first, found[0].last)
    print(f"{of.first} – {of.last}, so với / compared with {found[0].compared_from} – {found[0].compared_to}")
    for one in found:
        rows = [(_label(one, row.key), *_figures(row)) for row in one.rows]
        print(f"\n{one.vi} / {one.en} ({one.name})")
        print_table((one.by.value, "value", "previous", "change", "%"), [*rows, ("total", *_figures(one.total))])


def _figures(one: Figure) -> tuple[str, ...]:
    percent = "" if one.change_percent is None else f"{one.change_percent:+}"
    return (f"{one.value:,}", f"{one.previous:,}", f"{one.change:+,}", percent)


def _label(report: Report, key: str) -> str:
    if not key:
        return "–"
    if report.by is By.PROVINCE:
        return f"{key} {province_name(key, 'vi', report.provinces_on)}"
    return term("product_group", key, "vi") if report.by is By.PRODUCT_GROUP else key
