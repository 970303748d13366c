"""Files of others: each record becomes one event or one named refusal, and nothing is lost unseen."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cli.importers import IMPORTERS, Refusal
from shared.contracts.codec import decode, encode
from shared.contracts.envelope import Event
from shared.contracts.partners import TimePrecision
from shared.contracts.vocabulary import ProductGroup, RiskLevel
from shared.kernel.errors import Reason

ALERT = {
    "alert_number": "A12/00328/22",
    "brand": "SAMPLE",
    "company_recall_code": "MAU-1",
    "country_of_origin": "Germany",
    "measures_authorities": "Category of measure(s): Recall of the product from end users\nDate of entry into force: Unknown",
    "notifying_country": "Germany",
    "product_category": "Motor vehicles",
    "product_description": "Model M",
    "product_name": "Passenger car",
    "production_dates": "8.12.2007 to 26.7.2013",
    "risk_description": "Sample: the rear track rods may break due to corrosion.",
    "risk_type": "Injuries, Fire",
    "type": "Consumer",
}
RECALL = {
    "CENTERCD": "HFP",
    "CENTERCLASSIFICATIONDT": None,
    "CENTERCLASSIFICATIONTYPETXT": "2",
    "DISTRIBUTIONAREASUMMARYTXT": "Sample: two states.",
    "ENFORCEMENTREPORTDT": "05/06/2026",
    "EVENTLMD": "04/27/2026",
    "FIRMLEGALNAM": "SAMPLE INC",
    "PHASETXT": "Ongoing",
    "PRODUCTDESCRIPTIONTXT": "Sample mushrooms, 150 g\r\nKeep refrigerated.\r\n",
    "PRODUCTID": "219568",
    "PRODUCTSHORTREASONTXT": "Sample: tested positive for Listeria.",
    "PRODUCTTYPESHORT": "Food",
    "RECALLEVENTID": "98725",
    "RECALLINITIATIONDT": "04/02/2026",
    "RECALLNUM": None,
    "RID": 27,
    "VOLUNTARYTYPETXT": "Voluntary: Firm Initiated",
}
HEADER = "Inspection_Date,License,Inspection_ID,DBA_Name,Address,Zip,Results"
ROW = '2011-09-02,82474,529281,"SAMPLE, GRILL",554 SAMPLE RD,60609,Pass'


def _import(name: str, *rows: bytes) -> list[Event[Any] | Refusal]:
    return list(IMPORTERS[name](io.BytesIO(b"\n".join(rows)), "sample.file"))


def _event(name: str, *rows: bytes) -> Event[Any]:
    (found,) = _import(name, *rows)
    assert isinstance(found, Event), found
    return found


def _refusal(name: str, *rows: bytes) -> Refusal:
    (found,) = _import(name, *rows)
    assert isinstance(found, Refusal), found
    return found


def _line(record: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps({**record, **changes}, ensure_ascii=False).encode()


def test_safety_gate_alert_keeps_every_field() -> None:
    """Each of the record's values is found again in the event, under its name where the contract has none for it."""
    event = _event("safety-gate", _line(ALERT))
    data = event.data
    assert event.id == data.alert_number == "A12/00328/22"
    assert data.observed_at == datetime(2022, 1, 1, tzinfo=UTC)
    assert data.precision is TimePrecision.YEAR
    assert data.risk_level is RiskLevel.SERIOUS
    assert data.risk_types == ["Injuries", "Fire"]
    assert (data.product.group, data.product.name, data.product.model) == (ProductGroup.VEHICLE, "Passenger car", "Model M")
    assert data.risk == ALERT["risk_description"]
    assert data.measures.startswith(ALERT["measures_authorities"])
    for name in ("product_category", "company_recall_code", "production_dates", "type"):
        assert f"{name}: {ALERT[name]}" in data.measures


@pytest.mark.parametrize(
    ("number", "level"),
    [
        ("A12/0912/19", RiskLevel.SERIOUS),
        ("SR/03743/24", RiskLevel.SERIOUS),
        ("INFO/00136/24", RiskLevel.NOT_STATED),
        ("OR/00181/24", RiskLevel.NOT_STATED),
        ("EM/00004/24", RiskLevel.NOT_STATED),
    ],
)
def test_alert_number_tells_year_and_level(number: str, level: RiskLevel) -> None:
    """Old and new prefixes; only "serious risk" says how dangerous a product is."""
    data = _event("safety-gate", _line(ALERT, alert_number=number)).data
    assert (data.risk_level, data.observed_at.year) == (level, 2000 + int(number[-2:]))


@pytest.mark.parametrize(
    ("category", "group"),
    [
        ("Toys", ProductGroup.TOY),
        ("Childcare articles and children's equipment", ProductGroup.TOY),
        ("Electrical appliances and equipment", ProductGroup.ELECTRICAL),
        ("Cosmetics", ProductGroup.COSMETIC),
        ("Something new", ProductGroup.OTHER),
        (None, ProductGroup.OTHER),
    ],
)
def test_category_becomes_product_group(category: str | None, group: ProductGroup) -> None:
    """A category nobody mapped loses no alert."""
    assert _event("safety-gate", _line(ALERT, product_category=category)).data.product.group is group


def test_alert_with_the_least_fields_is_an_event() -> None:
    """Most alerts carry little more than number, name and category."""
    data = _event("safety-gate", b'{"alert_number": "A12/00001/20", "product_name": "Car"}').data
    assert (data.product.origin, data.risk, data.measures) == ("", "", "")


def test_unknown_origin_is_no_country() -> None:
    """The word that says nothing does not become a value of the roll-ups."""
    assert _event("safety-gate", _line(ALERT, country_of_origin="Unknown")).data.product.origin == ""


def test_recall_is_dated_by_its_publication() -> None:
    """The legal time is the day the authority told the public, whatever the other dates."""
    event = _event("fda", _line(RECALL))
    data = event.data
    assert event.id == data.alert_number == "98725/219568"
    assert data.observed_at == datetime(2026, 5, 6, tzinfo=UTC)
    assert data.precision is TimePrecision.DAY
    assert (data.product.group, data.risk_level) == (ProductGroup.FOOD, RiskLevel.MEDIUM)
    assert data.product.name == "Sample mushrooms, 150 g Keep refrigerated."
    assert data.measures.startswith("Voluntary: Firm Initiated, Ongoing")
    assert "RECALLINITIATIONDT: 04/02/2026" in data.measures
    assert "RID" not in data.measures


@pytest.mark.parametrize(
    ("stated", "level"),
    [
        ("1", RiskLevel.SERIOUS),
        ("2", RiskLevel.MEDIUM),
        ("3", RiskLevel.LOW),
        ("NC", RiskLevel.NOT_STATED),
        (None, RiskLevel.NOT_STATED),
        (1, RiskLevel.SERIOUS),
    ],
)
def test_recall_class_becomes_level(stated: object, level: RiskLevel) -> None:
    """The FDA's classes I to III, and those not classified yet."""
    assert _event("fda", _line(RECALL, CENTERCLASSIFICATIONTYPETXT=stated)).data.risk_level is level


def test_place_in_the_answer_does_not_change_the_event() -> None:
    """The same recall fetched again on another page is the same event."""
    assert _event("fda", _line(RECALL, RID=1)) == _event("fda", _line(RECALL, RID=500))


def test_inspection_becomes_an_answer_about_its_site() -> None:
    """The site keeps its real address; the province is a stand-in, the same for each postal code."""
    event = _event("inspections", HEADER.encode(), ROW.encode())
    data = event.data
    assert (event.id, str(data.activity), data.observed_at.date().isoformat()) == ("529281", "inspection", "2011-09-02")
    assert (data.site.id, data.site.name) == ("CHICAGO-82474", "SAMPLE, GRILL")
    assert data.site.address == "554 SAMPLE RD, Chicago IL 60609"
    other = _event("inspections", HEADER.encode(), ROW.replace("82474", "1").replace("529281", "2").encode())
    assert other.data.site.province == data.site.province


def test_long_texts_are_kept_whole_or_visibly_shortened() -> None:
    """A name too long for its field stands whole in the text below; a text too long for any field says how long it was."""
    name = "long " * 100
    data = _event("safety-gate", _line(ALERT, product_name=name, barcode="1" * 70)).data
    assert data.product.name.endswith("…")
    assert len(data.product.name) <= 300
    assert f"product_name: {name.strip()}" in data.measures
    assert f"barcode: {'1' * 70}" in data.measures
    data = _event("safety-gate", _line(ALERT, risk_description="x" * 12_345)).data
    assert len(data.risk) == 10_000
    assert data.risk.endswith("[shortened from 12345 characters]")


def test_repeated_record_is_the_same_event() -> None:
    """Read twice, a record has one id and one content: the inbox knows it."""
    first, second = _import("safety-gate", _line(ALERT), _line(ALERT))
    assert first == second


REFUSED = [
    ("safety-gate", b"\xff\xfe{}", Reason.NOT_JSON, ""),
    ("safety-gate", b"not json", Reason.NOT_JSON, ""),
    ("safety-gate", b"[" * 100_000, Reason.TOO_DEEP, ""),
    ("safety-gate", b'{"alert_number": "A", "alert_number": "B"}', Reason.DUPLICATE_KEY, ""),
    ("safety-gate", b"[1]", Reason.INVALID_DATA, ""),
    ("safety-gate", b'{"x": "' + b"a" * 2_000_000 + b'"}', Reason.TOO_LARGE, ""),
    ("safety-gate", _line(ALERT, alert_number=""), Reason.INVALID_DATA, "/alert_number"),
    ("safety-gate", _line(ALERT, alert_number="2022-328"), Reason.INVALID_DATA, "/alert_number"),
    ("safety-gate", _line(ALERT, product_name=None), Reason.INVALID_DATA, "/product_name"),
    ("safety-gate", _line(ALERT, product_name={"en": "Car"}), Reason.INVALID_DATA, "/product_name"),
    ("safety-gate", _line(ALERT, brand=1.5), Reason.INVALID_DATA, "/brand"),
    ("safety-gate", _line(ALERT, risk_type=", ".join("abcdefghijklmnopqrstuvwxyz")), Reason.INVALID_DATA, "/data/risk_types"),
    ("fda", _line(RECALL, PRODUCTID=None), Reason.INVALID_DATA, "/PRODUCTID"),
    ("fda", _line(RECALL, ENFORCEMENTREPORTDT=None), Reason.INVALID_DATA, "/ENFORCEMENTREPORTDT"),
    ("fda", _line(RECALL, ENFORCEMENTREPORTDT="2026-05-06"), Reason.INVALID_DATA, "/ENFORCEMENTREPORTDT"),
    ("fda", _line(RECALL, ENFORCEMENTREPORTDT="13/40/2026"), Reason.INVALID_DATA, "/ENFORCEMENTREPORTDT"),
    ("fda", _line(RECALL, ENFORCEMENTREPORTDT="05/06/0026"), Reason.INVALID_DATA, "/data"),
    ("fda", _line(RECALL, CENTERCLASSIFICATIONTYPETXT="4"), Reason.INVALID_DATA, "/CENTERCLASSIFICATIONTYPETXT"),
    ("fda", _line(RECALL, PRODUCTDESCRIPTIONTXT=""), Reason.INVALID_DATA, "/PRODUCTDESCRIPTIONTXT"),
    ("fda", _line(RECALL, CENTERCD=True), Reason.INVALID_DATA, "/CENTERCD"),
]


@pytest.mark.parametrize(("name", "line", "reason", "pointer"), REFUSED, ids=range(len(REFUSED)))
def test_bad_record_is_refused_by_name_and_spoils_no_other(name: str, line: bytes, reason: Reason, pointer: str) -> None:
    """The refusal says file, line, reason and place; the records around it become events."""
    good = _line(ALERT if name == "safety-gate" else RECALL)
    before, refusal, after = _import(name, good, line, good)
    assert isinstance(before, Event)
    assert before == after
    assert isinstance(refusal, Refusal)
    assert (refusal.file, refusal.line, refusal.reason, refusal.pointer) == ("sample.file", 2, reason, pointer)
    assert 0 < len(refusal.detail) < 600


ROWS = [
    (b"2011-09-02,82474,529281,x,y,60609", ""),
    (b'2011-09-02,82474,529281,"never closed,y,60609,Pass', ""),
    (b"2011-09-02,82474,529281,Caf\xe9,y,60609,Pass", ""),
    (b"2011-02-30,82474,529281,x,y,60609,Pass", "/Inspection_Date"),
    (b"02/09/2011,82474,529281,x,y,60609,Pass", "/Inspection_Date"),
    (b"2011-09-02,,529281,x,y,60609,Pass", "/License"),
    (b"2011-09-02,82474,,x,y,60609,Pass", "/Inspection_ID"),
    (b"2011-09-02,82474,529281,,y,60609,Pass", "/DBA_Name"),
    (b"2011-09-02,82474,529281,a\x00b,y,60609,Pass", "/data/site/name"),
    (b"2011-09-02,82474,529281," + b"x" * 300_000 + b",y,60609,Pass", ""),
]


@pytest.mark.parametrize(("row", "pointer"), ROWS, ids=range(len(ROWS)))
def test_bad_row_is_refused_by_name_and_spoils_no_other(row: bytes, pointer: str) -> None:
    """A row that never closes its quotation mark, or is no UTF-8, costs only itself."""
    before, refusal, after = _import("inspections", HEADER.encode(), ROW.encode(), row, ROW.encode())
    assert isinstance(before, Event)
    assert before == after
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.pointer) == (3, pointer)


@pytest.mark.parametrize("header", [b"a,b,c", b'"open', b"\xff"])
def test_file_of_another_kind_is_refused_once(header: bytes) -> None:
    """A header that is not ours says so, instead of one refusal for each row."""
    assert _refusal("inspections", header, ROW.encode(), ROW.encode()).line == 1


def test_byte_order_mark_and_blank_lines_are_no_records() -> None:
    """Files saved by a spreadsheet are read as they are meant; line numbers stay those of the file."""
    assert _event("inspections", b"\xef\xbb\xbf" + HEADER.encode(), b"", ROW.encode(), b"").id == "529281"
    assert _event("safety-gate", b"\xef\xbb\xbf" + _line(ALERT)).id == ALERT["alert_number"]
    assert _refusal("safety-gate", b"", b"  ", b"x").line == 3


def test_empty_file_has_no_records() -> None:
    """Nothing in, nothing out, for the formats without a header."""
    assert _import("safety-gate") == _import("fda", b"") == []


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.sampled_from(["\0", "x" * 500, "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@settings(max_examples=200)
@given(st.sampled_from([("safety-gate", ALERT), ("fda", RECALL)]), st.data())
def test_any_record_is_one_event_or_one_refusal(source: tuple[str, dict[str, Any]], draw: st.DataObject) -> None:
    """Whatever stands in a record's fields, the reader goes on, and what it makes passes the edge."""
    name, record = source
    changes = draw.draw(st.dictionaries(st.sampled_from(sorted(record)), ODD, max_size=4))
    line = json.dumps({**record, **changes}).encode("utf-8", "surrogatepass")
    (found,) = _import(name, line)
    if isinstance(found, Event):
        assert decode(encode(found), edge=True) == found
