"""EU Safety Gate alerts, one JSON object a line, in the field names of the public alert.

The public alert carries no date here: its number ends in the year, so ``observed_at`` is that year's first day with the
precision ``year``. The number's prefix tells the procedure, and only "serious risk" states a level: Article 12 of Directive
2001/95/EC (``A12``) and, since December 2024, ``SR``.
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

_SOURCE = "/import/safety-gate"
_NUMBER = re.compile(r"(?P<procedure>[A-Z]+\d{0,2})/\d{3,6}/(?P<year>\d{2})")
_SERIOUS = {"A12", "SR"}
_UNSAID = {"unknown", ""}

# The categories of the OECD portal, as far as one of our groups is meant; any other is ``other``.
_GROUPS = {
    "motor vehicles": ProductGroup.VEHICLE,
    "cosmetics": ProductGroup.COSMETIC,
    "toys": ProductGroup.TOY,
    "childcare articles and children's equipment": ProductGroup.TOY,
    "electrical appliances and equipment": ProductGroup.ELECTRICAL,
    "lighting chains": ProductGroup.ELECTRICAL,
    "lighting equipment": ProductGroup.ELECTRICAL,
    "communication and media equipment": ProductGroup.ELECTRICAL,
    "chemical products": ProductGroup.CHEMICAL,
    "clothing, textiles and fashion items": ProductGroup.TEXTILE,
    "food-imitating products": ProductGroup.OTHER,
    "measuring instruments": ProductGroup.OTHER_INSTRUMENT,
}


def read(file: BinaryIO, name: str) -> Iterator[Event[Any] | Refusal]:
    """Yield one event or one refusal for each alert of ``file``; ``name`` is what refusals call it."""
    for number, line in lines(file):
        yield convert(number, line, name, lambda raw: _alert(json_record(raw)))


def _alert(record: Record) -> Event[Any]:
    alert_number = record.needed("alert_number")
    found = _NUMBER.fullmatch(alert_number)
    if found is None:
        raise Refused(Reason.INVALID_DATA, "not an alert number like A12/00577/20: it tells the year", "/alert_number")
    notes = Notes()
    product = _product(record, notes)
    risk, measures = record.text("risk_description"), record.text("measures_authorities")
    data = AlertPublished(
        observed_at=datetime(2000 + int(found["year"]), 1, 1, tzinfo=UTC),
        precision=TimePrecision.YEAR,
        alert_number=alert_number,
        system="safety_gate",
        product=product,
        notifying_country=notes.fit("notifying_country", record.text("notifying_country"), 80),
        risk_level=RiskLevel.SERIOUS if found["procedure"] in _SERIOUS else RiskLevel.NOT_STATED,
        risk_types=[notes.fit("risk_type", one, 300) for one in record.text("risk_type").split(", ") if one],
        risk=shortened(risk),
        source_url=shortened(record.text("rapex_url")),
        measures=_with_rest(measures, record, notes),
    )
    return event(_SOURCE, alert_number, data)


def _product(record: Record, notes: Notes) -> Product:
    category, origin = record.text("product_category"), record.text("country_of_origin")
    notes.add("product_category", category)
    return Product(
        group=_GROUPS.get(category.casefold(), ProductGroup.OTHER),
        name=notes.fit("product_name", record.needed("product_name"), 300),
        brand=shortened(record.text("brand")),
        model=shortened(record.text("product_description")),  # "type/number of model" of the public alert
        gtin=notes.fit("barcode", record.text("barcode"), 60),
        batch=shortened(record.text("batch_number")),
        origin="" if origin.casefold() in _UNSAID else notes.fit("country_of_origin", origin, 80),
    )


def _with_rest(measures: str, record: Record, notes: Notes) -> str:
    for label, text in record.unread():
        notes.add(label, text)
    return notes.below(measures)
