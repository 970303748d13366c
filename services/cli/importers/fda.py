"""Recalls of the US Food and Drug Administration, one JSON object of the iRES interface a line.

The legal time is ENFORCEMENTREPORTDT, the day the authority told the public. Initiation is the firm's own act, weeks before any
authority could know (median 36 days in the FDA's own data): taken as the legal time, it would count the FDA's latency as
ours. A record without that day has not been published yet and is refused by name.

A record is one product of one recall; its number is RECALLEVENTID/PRODUCTID, because RECALLNUM comes only with the
classification. RID, the row's place in the answer it came with, says nothing of the recall and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from services.cli.importers.fitting import Notes, shortened
from services.cli.importers.records import Record, Refusal, convert, event, json_record, lines
from shared.contracts.envelope import Event
from shared.contracts.partners import AlertPublished, TimePrecision
from shared.contracts.vocabulary import Product, ProductGroup, RiskLevel
from shared.kernel.errors import Reason, Refused

_SOURCE = "/import/fda"
_DAY = re.compile(r"(?P<month>\d{2})/(?P<day>\d{2})/(?P<year>\d{4})")

# 21 CFR 7.3(m): class I serious harm or death likely, II harm temporary or serious harm remote, III harm not likely.
_LEVELS = {
    "1": RiskLevel.SERIOUS,
    "2": RiskLevel.MEDIUM,
    "3": RiskLevel.LOW,
    "NC": RiskLevel.NOT_STATED,
    "": RiskLevel.NOT_STATED,
}
_GROUPS = {
    "Devices": ProductGroup.MEDICAL,
    "Drugs": ProductGroup.MEDICAL,
    "Biologics": ProductGroup.MEDICAL,
    "Food": ProductGroup.FOOD,
    "Cosmetics": ProductGroup.COSMETIC,
}


def read(file: BinaryIO, name: str) -> Iterator[Event[Any] | Refusal]:
    """Yield one event or one refusal for each recall of ``file``; ``name`` is what refusals call it."""
    for number, line in lines(file):
        yield convert(number, line, name, lambda raw: _recall(json_record(raw)))


def _recall(record: Record) -> Event[Any]:
    alert_number = f"{record.needed('RECALLEVENTID')}/{record.needed('PRODUCTID')}"
    record.text("RID")
    notes = Notes()
    category = record.text("PRODUCTTYPESHORT")
    notes.add("PRODUCTTYPESHORT", category)
    data = AlertPublished(
        observed_at=_day(record, "ENFORCEMENTREPORTDT"),
        precision=TimePrecision.DAY,
        alert_number=alert_number,
        system="fda",
        product=Product(
            group=_GROUPS.get(category, ProductGroup.OTHER),
            name=notes.fit("PRODUCTDESCRIPTIONTXT", record.needed("PRODUCTDESCRIPTIONTXT"), 300),
            brand=shortened(record.text("FIRMLEGALNAM")),
        ),
        notifying_country="United States",
        risk_level=_level(record),
        risk=shortened(record.text("PRODUCTSHORTREASONTXT")),
        measures=_measures(record, notes),
    )
    return event(_SOURCE, alert_number, data)


def _level(record: Record) -> RiskLevel:
    stated = record.text("CENTERCLASSIFICATIONTYPETXT")
    if stated not in _LEVELS:
        raise Refused(Reason.INVALID_DATA, f"class {stated[:20]!r} is none of 1, 2, 3, NC", "/CENTERCLASSIFICATIONTYPETXT")
    return _LEVELS[stated]


def _measures(record: Record, notes: Notes) -> str:
    measures = ", ".join(one for one in (record.text("VOLUNTARYTYPETXT"), record.text("PHASETXT")) if one)
    for label, text in record.unread():
        notes.add(label, text)
    return notes.below(measures)


def _day(record: Record, name: str) -> datetime:
    """Return midnight UTC of an American date: the same calendar day in Viet Nam."""
    stated = record.needed(name)
    found = _DAY.fullmatch(stated)
    try:
        if found is None:
            raise ValueError(stated)  # noqa: TRY301
        return datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=UTC)
    except ValueError as error:
        raise Refused(Reason.INVALID_DATA, "not a day like 05/06/2026 (month first)", f"/{name}") from error
