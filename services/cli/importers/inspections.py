"""Food inspections of the City of Chicago as CSV: a year's real order of arrivals, to rehearse with.

A row says that a unit inspected a site on a day, which is ``survey.answered`` with the activity ``inspection``. What the contract
has no field for is left out and named here: the outcome, the counted violations and the columns computed for a forecast.
The site is given, because the order of events must hold for it; a site needs one of the 34 provinces, so the postal code
picks one as a stand-in, always the same, and the address says where the site really is. Such figures belong in a rehearsal.

One physical line is one record: a quotation mark that never closes spoils its own line, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO
from zlib import crc32

from services.cli.importers.fitting import Notes
from services.cli.importers.records import Record, Refusal, convert, event, lines
from shared.contracts.envelope import Event
from shared.contracts.partners import Activity, SurveyAnswered
from shared.contracts.vocabulary import ProductGroup, Site
from shared.kernel.errors import Reason, Refused
from shared.kernel.provinces import PROVINCES

_SOURCE = "/import/inspections"
_UNIT = "CHICAGO-FOOD-PROTECTION"
_CODES = list(PROVINCES)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NEEDED = ("Inspection_ID", "Inspection_Date", "License", "DBA_Name", "Address", "Zip")


def read(file: BinaryIO, name: str) -> Iterator[Event[Any] | Refusal]:
    """Yield one event or one refusal for each row of ``file``, or a single refusal when the header is another file's."""
    numbered = lines(file)
    number, header = next(numbered, (1, b""))
    try:
        columns = _cells(header or b"")
        if missing := [column for column in _NEEDED if column not in columns]:
            raise Refused(Reason.INVALID_DATA, f"the header lacks {', '.join(missing)}")  # noqa: TRY301
    except Refused as refused:
        yield Refusal(file=name, line=number, reason=refused.reason, detail=refused.detail)
        return
    for number, line in numbered:
        yield convert(number, line, name, lambda raw: _inspection(_row(columns, raw)))


def _row(columns: list[str], line: bytes) -> Record:
    cells = _cells(line)
    if len(cells) != len(columns):
        raise Refused(Reason.INVALID_DATA, f"{len(cells)} cells; the header has {len(columns)}")
    return Record(dict(zip(columns, cells, strict=True)))


def _cells(line: bytes) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line.decode().rstrip("\r\n")), strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(Reason.INVALID_DATA, f"not a line of CSV in UTF-8: {error}") from error


def _inspection(record: Record) -> Event[Any]:
    answer_id, postal_code = record.needed("Inspection_ID"), record.text("Zip")
    address = ", ".join(one for one in (record.text("Address"), f"Chicago IL {postal_code}".strip()) if one)
    notes = Notes()
    name = notes.fit("DBA_Name", record.needed("DBA_Name"), 300)
    data = SurveyAnswered(
        observed_at=_day(record),
        answer_id=answer_id,
        unit=_UNIT,
        activity=Activity.INSPECTION,
        topics=[ProductGroup.FOOD],
        site=Site(
            id=f"CHICAGO-{record.needed('License')}",
            name=name,
            province=_CODES[crc32(postal_code.encode()) % len(_CODES)],
            address=notes.below(address),
        ),
    )
    return event(_SOURCE, answer_id, data)


def _day(record: Record) -> datetime:
    """Return midnight UTC of the inspection's day: the same calendar day in Viet Nam."""
    stated = record.needed("Inspection_Date")
    try:
        if not _DAY.fullmatch(stated):
            raise ValueError(stated)  # noqa: TRY301
        return datetime.fromisoformat(stated).replace(tzinfo=UTC)
    except ValueError as error:
        raise Refused(Reason.INVALID_DATA, "not a day like 2014-08-29", "/Inspection_Date") from error
