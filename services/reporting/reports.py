"""A finished report and its forms: the same figures always make the same bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec


class By(StrEnum):
    """The dimension a report is laid out by. Stands in addresses: never rename a value."""

    PROVINCE = "province"
    PRODUCT_GROUP = "product_group"
    KIND = "kind"
    MONTH = "month"


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A value beside that of the same period of the year before; without a value then there is no percentage."""

    value: int
    previous: int
    change: int
    change_percent: Decimal | None


class Row(Figure, frozen=True, kw_only=True):
    """The figure of one province, product group, kind or month; ``key`` is empty for events without one."""

    key: str


class Summary(Figure, frozen=True, kw_only=True):
    """The total of one report."""

    name: str
    vi: str
    en: str


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The totals of all reports over one period."""

    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    compared_from: date
    compared_to: date
    totals: list[Summary]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report over one period; ``about`` says what it counts, ``provinces_on`` which day's provinces are meant."""

    name: str
    vi: str
    en: str
    about: str
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")
    compared_from: date
    compared_to: date
    by: By
    provinces_on: date
    total: Figure
    rows: list[Row]


def figure(value: int, previous: int) -> Figure:
    """Compare ``value`` with that of the year before, to one decimal of a percent, halves away from zero."""
    return Figure(value=value, previous=previous, change=value - previous, change_percent=_percent(value, previous))


def rows(now: Mapping[str, int], then: Mapping[str, int]) -> list[Row]:
    """Compare two sets of figures key by key, in order of the keys."""
    return [_row(key, now.get(key, 0), then.get(key, 0)) for key in sorted(now.keys() | then.keys())]


def in_order(report: Report) -> list[Row]:
    """Return the rows as people read them: months in their order, anything else by size."""
    return report.rows if report.by is By.MONTH else sorted(report.rows, key=lambda row: (-row.value, -row.previous, row.key))


def month_key(start: date, *, years_later: int = 0) -> str:
    """Name the month of ``start``; the year before is filed under the month it is compared with."""
    return f"{start.year + years_later:04d}-{start.month:02d}"


_encode = msgspec.json.Encoder(decimal_format="number", order="deterministic").encode


def to_json(document: object) -> bytes:
    """Return ``document`` as JSON; percentages are numbers."""
    return _encode(document)


def to_csv(report: Report) -> bytes:
    """Return the rows of ``report`` and its total as RFC 4180 CSV."""
    header = [report.by.value, "value", "previous", "change", "change_percent"]
    return _csv([header, *([_plain(row.key), *_cells(row)] for row in report.rows), ["total", *_cells(report.total)]])


def totals_to_csv(totals: Totals) -> bytes:
    """Return the totals of all reports as RFC 4180 CSV."""
    header = ["report", "from", "to", "value", "previous", "change", "change_percent"]
    dates = [totals.first.isoformat(), totals.last.isoformat()]
    return _csv([header, *([_plain(one.name), *dates, *_cells(one)] for one in totals.totals)])


def _csv(lines: Iterable[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def _cells(one: Figure) -> list[str]:
    return [str(one.value), str(one.previous), str(one.change), "" if one.change_percent is None else str(one.change_percent)]


def _plain(text: str) -> str:
    """Keep a spreadsheet from taking a text of somebody else for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _percent(value: int, previous: int) -> Decimal | None:
    if not previous:
        return None
    return (Decimal(value - previous) * 100 / previous).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _row(key: str, value: int, previous: int) -> Row:
    return Row(key=key, value=value, previous=previous, change=value - previous, change_percent=_percent(value, previous))
