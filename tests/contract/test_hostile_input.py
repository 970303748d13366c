"""Whatever comes in ends as an event or in ``Refused`` with a reason and a pointer, never in another error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.codec import MAX_BYTES, decode, encode
from shared.contracts.envelope import Data, Event
from shared.contracts.partners import InstrumentChecked, LotDeclared, SampleTested, SurveyAnswered
from shared.contracts.registry import contracts
from shared.contracts.strict_json import step
from shared.kernel.errors import Reason, Refused


def _raw(data: Data) -> bytes:
    event = Event(
        id="SAMPLE-1",
        source="/sample",
        type=data.type,
        subject=data.order_key(),
        time=data.observed_at,
        data=data,
        dataversion=data.version,
    )
    return encode(event)


def _document(data: Data) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_raw(data))
    return document


LAB = _raw(SampleTested.sample())

BYTES = [
    pytest.param(b"", Reason.NOT_JSON, id="empty"),
    pytest.param(b"\xef\xbb\xbf" + LAB, Reason.NOT_JSON, id="byte order mark"),
    pytest.param(LAB.decode().encode("utf-16"), Reason.NOT_JSON, id="utf-16"),
    pytest.param(LAB.replace("Phòng".encode(), b"Ph\xf2ng"), Reason.NOT_JSON, id="latin-1"),
    pytest.param(LAB.replace("Phòng".encode(), b"\xed\xa0\x80"), Reason.NOT_JSON, id="utf-8 surrogate"),
    pytest.param(LAB.replace(b"SAMPLE-LAB", b"\\ud800"), Reason.NOT_JSON, id="lone surrogate"),
    pytest.param(LAB + b"x", Reason.NOT_JSON, id="trailing text"),
    pytest.param(LAB[:-1], Reason.NOT_JSON, id="cut off"),
    pytest.param(LAB.replace(b'"62"', b"NaN"), Reason.NOT_JSON, id="NaN literal"),
    pytest.param(LAB.replace(b'"62"', b"-Infinity"), Reason.NOT_JSON, id="Infinity literal"),
    pytest.param(LAB.replace(b'"62"', b"1e999"), Reason.NOT_JSON, id="float overflow"),
    pytest.param(LAB.replace(b'"62"', b"9" * 100_000), Reason.NOT_JSON, id="100,000 digits"),
    pytest.param(b"[" * 100_000, Reason.TOO_DEEP, id="100,000 open"),
    pytest.param(b"[" * 100_000 + b"]" * 100_000, Reason.TOO_DEEP, id="100,000 deep"),
    pytest.param(LAB.replace(b'"data"', b'"x":' + b"[" * 65 + b"]" * 65 + b',"data"'), Reason.TOO_DEEP, id="65 deep"),
    pytest.param(LAB + b" " * MAX_BYTES, Reason.TOO_LARGE, id="too large"),
    pytest.param(b'{"x":"' + b"a" * 2_000_000 + b'"}', Reason.TOO_LARGE, id="2 MB"),
    pytest.param(LAB.replace(b'"level":4', b'"level":4,"level":5'), Reason.DUPLICATE_KEY, id="duplicate key"),
    pytest.param(LAB.replace(b'"level":4', b'"level":4,"\\u006cevel":5'), Reason.DUPLICATE_KEY, id="escaped duplicate key"),
    pytest.param(LAB.replace(b'"id":"SAMPLE-1"', b'"id":"1","id":"2"'), Reason.DUPLICATE_KEY, id="duplicate attribute"),
    pytest.param(b"null", Reason.NOT_A_CLOUDEVENT, id="null"),
    pytest.param(b"[]", Reason.NOT_A_CLOUDEVENT, id="list"),
    pytest.param(b"{}", Reason.NOT_A_CLOUDEVENT, id="empty object"),
]


@pytest.mark.parametrize(("raw", "reason"), BYTES)
def test_bytes_without_one_meaning_are_refused(raw: bytes, reason: Reason) -> None:
    """What is not one well-formed CloudEvent is named as what it is."""
    with pytest.raises(Refused) as refused:
        decode(raw, edge=True)
    assert refused.value.reason is reason
    assert refused.value.detail


MISSING = object()

VALUES = [
    pytest.param(SampleTested, "/specversion", "0.3", Reason.NOT_A_CLOUDEVENT, id="old CloudEvents"),
    pytest.param(SampleTested, "/id", "", Reason.NOT_A_CLOUDEVENT, id="no id"),
    pytest.param(SampleTested, "/id", 7, Reason.NOT_A_CLOUDEVENT, id="id a number"),
    pytest.param(SampleTested, "/source", "x" * 257, Reason.NOT_A_CLOUDEVENT, id="long source"),
    pytest.param(SampleTested, "/time", "2025-03-14T02:30:00", Reason.NOT_A_CLOUDEVENT, id="time without zone"),
    pytest.param(SampleTested, "/time", "0001-01-01T00:00:00+14:00", Reason.NOT_A_CLOUDEVENT, id="time before all time"),
    pytest.param(SampleTested, "/time", "9999-12-31T23:59:59-14:00", Reason.NOT_A_CLOUDEVENT, id="time after all time"),
    pytest.param(SampleTested, "/datacontenttype", "text/xml", Reason.NOT_A_CLOUDEVENT, id="XML"),
    pytest.param(SampleTested, "/dataversion", 0, Reason.NOT_A_CLOUDEVENT, id="version 0"),
    pytest.param(SampleTested, "/dataversion", 2, Reason.NEWER_VERSION, id="newer version"),
    pytest.param(SampleTested, "/type", "lab.sample_lost", Reason.UNKNOWN_TYPE, id="unknown type"),
    pytest.param(SampleTested, "/subject", "site/another", Reason.INVALID_DATA, id="subject of another"),
    pytest.param(SampleTested, "/data", "x", Reason.INVALID_DATA, id="data a text"),
    pytest.param(SampleTested, "/data", None, Reason.INVALID_DATA, id="data null"),
    pytest.param(SampleTested, "/data/observed_at", "2025-03-14T02:30:00", Reason.INVALID_DATA, id="legal time without zone"),
    pytest.param(SampleTested, "/data/sample_id", "A\n", Reason.INVALID_DATA, id="line feed in an id"),
    pytest.param(SampleTested, "/data/sample_id", "A\0", Reason.INVALID_DATA, id="NUL"),
    pytest.param(SampleTested, "/data/laboratory", "", Reason.INVALID_DATA, id="empty text"),
    pytest.param(SampleTested, "/data/laboratory", "x" * 301, Reason.INVALID_DATA, id="long text"),
    pytest.param(SampleTested, "/data/labratory", "x", Reason.INVALID_DATA, id="misspelt field"),
    pytest.param(SampleTested, "/data/finding/a.b~1c~0d", "x", Reason.INVALID_DATA, id="misspelt field with dots"),
    pytest.param(SampleTested, "/data/finding/level", 9, Reason.INVALID_DATA, id="level 9"),
    pytest.param(SampleTested, "/data/finding/level", 10**40, Reason.INVALID_DATA, id="huge integer"),
    pytest.param(SampleTested, "/data/finding/kind", "gas", Reason.INVALID_DATA, id="unknown kind of finding"),
    pytest.param(SampleTested, "/data/finding/results/0/value", True, Reason.INVALID_DATA, id="value a truth"),
    pytest.param(SampleTested, "/data/finding/results/0/value", "6x2", Reason.INVALID_DATA, id="value no number"),
    *(
        pytest.param(SampleTested, "/data/finding/results/0/value", number, Reason.INVALID_DATA, id=f"value {number}")
        for number in ("6_2", "٦٢", " 62", "62\n", "_1")  # Python reads all of these
    ),
    pytest.param(SampleTested, "/data/finding/results/0/unit", "x" * 21, Reason.INVALID_DATA, id="long unit"),
    pytest.param(SampleTested, "/data/product/group", "xăng", Reason.INVALID_DATA, id="unknown product group"),
    pytest.param(SurveyAnswered, "/data/activity", "dance", Reason.INVALID_DATA, id="unknown activity"),
    pytest.param(SurveyAnswered, "/data/count", 0, Reason.INVALID_DATA, id="count 0"),
    pytest.param(InstrumentChecked, "/data/verified_on", "2025-02-30", Reason.INVALID_DATA, id="no such day"),
]


@pytest.mark.parametrize(("data", "pointer", "value", "reason"), VALUES)
def test_bad_value_is_pointed_at(data: type[Data], pointer: str, value: Any, reason: Reason) -> None:
    """The pointer leads to the very value that is wrong."""
    document = _document(data.sample())
    _put(document, pointer, value)
    with pytest.raises(Refused) as refused:
        decode(json.dumps(document).encode(), edge=True)
    assert (refused.value.reason, refused.value.pointer) == (reason, pointer)


# The rules that look at several fields, or at a number's size, point at the object that holds them.
HOLDERS = [
    *(
        pytest.param(SampleTested, "/data/finding/results/0/value", number, "/data/finding/results/0", id=f"value {number}")
        for number in ("NaN", "sNaN", "Infinity", "1E+9999999", "1E-9999999", "0E+999999", "1" * 1000, 10**16)
    ),
    pytest.param(SampleTested, "/data/finding/results/0/unit", "mg/L", "/data/finding/results/0", id="wrong unit"),
    pytest.param(SampleTested, "/data/finding/results/0/uncertainty", -1, "/data/finding/results/0", id="negative uncertainty"),
    pytest.param(SampleTested, "/data/site/province", "99", "/data/site", id="no such province"),
    pytest.param(SampleTested, "/data/observed_at", "1970-01-01T00:00:00Z", "/data", id="legal time in 1970"),
    pytest.param(SampleTested, "/data/site/id", MISSING, "/data/site", id="site without id"),
    pytest.param(SurveyAnswered, "/data/unit_province", "99", "/data", id="unit in no province"),
    pytest.param(SurveyAnswered, "/data/site", None, "/data", id="mark without site"),
    pytest.param(LotDeclared, "/data/quantity", "-1", "/data", id="negative quantity"),
    pytest.param(InstrumentChecked, "/data/verified_on", "0001-01-01", "/data", id="verified in the year 1"),
    pytest.param(InstrumentChecked, "/data/verified_on", "9999-12-31", "/data", id="verified in the year 9999"),
]


@pytest.mark.parametrize(("data", "pointer", "value", "shown"), HOLDERS)
def test_bad_combination_is_pointed_at(data: type[Data], pointer: str, value: Any, shown: str) -> None:
    """A refused combination is shown at the object that holds it."""
    document = _document(data.sample())
    _put(document, pointer, value)
    with pytest.raises(Refused) as refused:
        decode(json.dumps(document).encode(), edge=True)
    assert (refused.value.reason, refused.value.pointer) == (Reason.INVALID_DATA, shown)


def test_subscriber_reads_no_number_that_people_would_read_otherwise() -> None:
    """Partners may publish past the edge, straight to the broker: 6_2 is more likely 6.2 than 62 there too."""
    with pytest.raises(Refused) as refused:
        decode(LAB.replace(b'"62"', b'"6_2"'))
    assert refused.value.pointer == "/data/finding/results/0/value"
    for number in (b"62", b'"62.0"', b'"6.2e1"', b'"+62"'):
        assert decode(LAB.replace(b'"62"', number), edge=True).data == SampleTested.sample()


def test_a_file_in_utf_16_is_told_so() -> None:
    """Spreadsheets write it; whoever reads the refusal must know what to do."""
    with pytest.raises(Refused, match="UTF-16"):
        decode(LAB.decode().encode("utf-16"), edge=True)


def test_subscriber_ignores_fields_it_does_not_know() -> None:
    """A publisher may be deployed before its subscribers."""
    document = _document(SampleTested.sample())
    document["data"]["site"]["storeys"] = 2
    assert decode(json.dumps(document).encode()).data == SampleTested.sample()


def test_refusal_of_a_huge_name_stays_short() -> None:
    """Detail and pointer are stored and shown: they do not grow with the input."""
    for name in ("x" * 200_000, "~" * 200_000):
        document = _document(SampleTested.sample())
        document["data"][name] = 1
        with pytest.raises(Refused) as refused:
            decode(json.dumps(document).encode(), edge=True)
        assert len(refused.value.pointer) + len(refused.value.detail) < 1000
        twice = b'{"%s":1,"%s":1}' % (name.encode(), name.encode())
        with pytest.raises(Refused) as refused:
            decode(twice[:100_000] + b'":1,' + twice[1:100_000] + b'":1}', edge=True)
        assert len(str(refused.value)) < 1000


def _put(document: Any, pointer: str, value: Any) -> None:
    *path, last = [name.replace("~1", "/").replace("~0", "~") for name in pointer.split("/")[1:]]
    for name in path:
        document = document[int(name) if isinstance(document, list) else name]
    key: Any = int(last) if isinstance(document, list) else last
    if value is MISSING:
        del document[key]
    else:
        document[key] = value


def _places(node: Any, pointer: str = "") -> list[str]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else []
    places = []
    for key, child in children:
        place = step(pointer, str(key))
        places += [place, *_places(child, place)]
    return places


SAMPLES = [contract.data.sample() for contract in contracts().values()]
ODD_TEXT = st.sampled_from(["", " ", "NaN", "1E+9999999", "-0", "\0", "\ud800", "x" * 400, "2025-13-01", "99", "٦٢", "1_0"])
ODD_NUMBER = st.sampled_from([0, -1, 2**63, 10**40, -(10**16), 0.1, 1e308, float("nan"), float("inf")])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | ODD_TEXT | ODD_NUMBER,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def _event_or_refusal(raw: bytes, *, edge: bool) -> Event[Any] | Refused:
    try:
        return decode(raw, edge=edge)
    except Refused as refused:
        return refused


@settings(max_examples=400)
@given(st.data(), st.sampled_from(SAMPLES), st.booleans())
def test_any_value_anywhere_is_read_or_refused(draw: st.DataObject, sample: Data, edge: bool) -> None:
    """One value of a valid event replaced: read again the same after a journey, or refused with a pointer into it."""
    document = _document(sample)
    place = draw.draw(st.sampled_from(_places(document)))
    _put(document, place, draw.draw(st.one_of(JSON, st.just(MISSING))))
    result = _event_or_refusal(json.dumps(document).encode("utf-8", "surrogatepass"), edge=edge)
    if isinstance(result, Refused):
        assert result.pointer == "" or result.pointer in _places(document) or "..." in result.pointer
    else:
        assert decode(encode(result), edge=True) == result


@settings(max_examples=400)
@given(st.sampled_from(SAMPLES), st.integers(0, 10_000), st.binary(max_size=3), st.integers(0, 3))
def test_any_bytes_anywhere_are_read_or_refused(sample: Data, position: int, inserted: bytes, removed: int) -> None:
    """Some bytes of a valid event replaced."""
    raw = _raw(sample)
    position %= len(raw)
    result = _event_or_refusal(raw[:position] + inserted + raw[position + removed :], edge=True)
    assert isinstance(result, (Event, Refused))


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """Noise is refused, never an error of another kind."""
    assert isinstance(_event_or_refusal(raw, edge=True), Refused)
