"""Bytes to typed events and back: bounded before it is parsed, and strict about what JSON leaves open.

Two readers share one path. The *edge* (files, HTTP, the client library) refuses fields it does not know, so that a
misspelt name is seen by whoever sent it. A *subscriber* ignores them, so that a publisher may be deployed first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

import msgspec

from shared.contracts.envelope import Contract, Data, Event, Moment, check_lead, check_year, upcaster
from shared.contracts.registry import contracts
from shared.contracts.strict_json import WRITTEN_NUL, check_json
from shared.kernel.errors import Reason, Refused
from shared.kernel.wellformed import step, told

MAX_BYTES = 256 * 1024
_LONGEST_DETAIL = 500
_LONGEST_NUMBER = 40  # of a wrong one, as it is shown
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)

_Attribute = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class CloudEvent(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A structured-mode CloudEvent as it travels."""

    specversion: str
    id: _Attribute
    source: _Attribute
    type: _Attribute
    subject: Annotated[str, msgspec.Meta(max_length=512)] = ""
    time: Moment
    datacontenttype: Annotated[str, msgspec.Meta(pattern=r"^application/([^;]+\+)?json\s*(;|$)")] = "application/json"
    dataversion: Annotated[int, msgspec.Meta(ge=1)] = 1
    correlationid: Annotated[str, msgspec.Meta(max_length=256)] = ""
    causationid: Annotated[str, msgspec.Meta(max_length=256)] = ""
    traceparent: Annotated[str, msgspec.Meta(max_length=64)] = ""
    edited: Annotated[str, msgspec.Meta(max_length=64)] = ""
    data: msgspec.Raw


_read_wire = msgspec.json.Decoder(CloudEvent).decode
_read_any = msgspec.json.Decoder().decode
_read_object = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


def encode(event: Event[Any]) -> bytes:
    """Return ``event`` as a structured-mode CloudEvent."""
    return _encode(
        CloudEvent(
            specversion="1.0",
            id=event.id,
            source=event.source,
            type=event.type,
            subject=event.subject,
            time=event.time,
            dataversion=event.dataversion,
            correlationid=event.correlationid,
            causationid=event.causationid,
            traceparent=event.traceparent,
            edited=event.edited,
            data=msgspec.Raw(_encode(event.data)),
        )
    )


def decode(raw: bytes, *, edge: bool = False) -> Event[Any]:
    """Read one event, or raise ``Refused`` with the reason and the JSON pointer of what is wrong."""
    return read(raw, edge=edge)[0]


def read(raw: bytes, *, edge: bool = False) -> tuple[Event[Any], bytes]:
    """Do what ``decode`` does, and return the data alone too: the same bytes for the same content, however it was written."""
    if len(raw) > MAX_BYTES:
        raise Refused(Reason.TOO_LARGE, f"{len(raw)} bytes; at most {MAX_BYTES} are accepted")
    try:
        wire, event = _typed(raw)
    except (Refused, msgspec.DecodeError, UnicodeError, RecursionError) as error:
        check_json(raw)  # what is wrong with the text itself comes first
        if isinstance(error, Refused):
            raise
        raise Refused(Reason.NOT_JSON, str(error)[:_LONGEST_DETAIL]) from error
    given, data = wire.data, _encode(event.data)
    wire.data = msgspec.Raw(data)
    # What comes out of its types again just as it went in can hide nothing; only other texts are looked through.
    if _encode(wire) != raw or WRITTEN_NUL in raw:
        check_json(raw)
        if wire.dataversion == event.dataversion:
            _compare(_read_any(given), event.data, "/data", edge=edge)
    return event, data


def _typed(raw: bytes) -> tuple[CloudEvent, Event[Any]]:
    try:
        wire = _read_wire(raw)
    except msgspec.ValidationError as error:
        raise _refusal(Reason.NOT_A_CLOUDEVENT, error) from error
    if wire.specversion != "1.0":
        raise Refused(Reason.NOT_A_CLOUDEVENT, f"specversion {wire.specversion!r} is not '1.0'", "/specversion")
    try:
        check_year("time", wire.time)
    except ValueError as error:
        raise Refused(Reason.NOT_A_CLOUDEVENT, str(error), "/time") from error
    found = contracts_by_type().get(wire.type)
    if found is None:
        raise Refused(Reason.UNKNOWN_TYPE, f"no event type {wire.type!r}; `chuan events` lists them", "/type")
    data = _data(wire, found)
    if not found.is_own:
        try:
            check_lead(data.observed_at, wire.time)
        except ValueError as error:
            raise Refused(Reason.INVALID_DATA, str(error), "/data/observed_at") from error
    subject = data.order_key()
    if wire.subject and wire.subject != subject:
        raise Refused(Reason.INVALID_DATA, f"subject must be {subject!r}: the order of events holds for it", "/subject")
    event = Event(
        id=wire.id,
        source=wire.source,
        type=wire.type,
        subject=subject,
        time=wire.time,
        data=data,
        dataversion=found.version,
        correlationid=wire.correlationid or wire.id,
        causationid=wire.causationid,
        traceparent=wire.traceparent,
        edited=wire.edited,
    )
    return wire, event


@cache
def contracts_by_type() -> dict[str, Contract]:
    """Return the registry, loaded once."""
    return contracts()


def _data(wire: CloudEvent, found: Contract) -> Data:
    if wire.dataversion > found.version:
        raise Refused(
            Reason.NEWER_VERSION,
            f"{wire.type} version {wire.dataversion} is newer than the {found.version} known here",
            "/dataversion",
        )
    try:
        if wire.dataversion < found.version:
            return msgspec.convert(_upcast(wire, found), found.data)
        return _reader(found.data)(wire.data)
    except msgspec.ValidationError as error:
        raise _refusal(Reason.INVALID_DATA, error, "/data") from error


def _upcast(wire: CloudEvent, found: Contract) -> dict[str, Any]:
    payload: dict[str, Any] = _read_object(wire.data)
    for version in range(wire.dataversion, found.version):
        lift = upcaster(found.data, version)
        if lift is None:
            raise Refused(Reason.INVALID_DATA, f"{wire.type} version {version} is no longer readable", "/dataversion")
        try:
            payload = lift(payload)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            detail = f"not readable as {wire.type} version {version}: {type(error).__name__} {error}"
            raise Refused(Reason.INVALID_DATA, detail[:_LONGEST_DETAIL], "/data") from error
    return payload


@cache
def _reader(data: type[Data]) -> Callable[[bytes | msgspec.Raw], Data]:
    return msgspec.json.Decoder(data).decode


def _compare(given: Any, known: Any, pointer: str, *, edge: bool) -> None:
    """Raise ``Refused`` where ``known`` was read from something else than it seems to be.

    That is a number that people would read otherwise, such as 6_2 as 62, and, at the edge, a field that is not known.
    """
    if isinstance(known, msgspec.Struct):
        names = known.__struct_fields__
        for name, value in given.items():
            if name in names:
                read = getattr(known, name)
                if isinstance(value, (dict, list)) or (isinstance(read, Decimal) and isinstance(value, str)):
                    _compare(value, read, step(pointer, name), edge=edge)
            elif edge and name != known.__struct_config__.tag_field:
                known_names = ", ".join(sorted(names))
                raise Refused(Reason.INVALID_DATA, f"unknown field; known are {known_names}", step(pointer, name))
    elif isinstance(known, list) and known and isinstance(known[0], (msgspec.Struct, Decimal)):
        for index, (one, read) in enumerate(zip(given, known, strict=True)):
            _compare(one, read, f"{pointer}/{index}", edge=edge)
    elif isinstance(known, Decimal) and isinstance(given, str) and not _NUMBER.fullmatch(given):
        raise Refused(Reason.INVALID_DATA, f"{given[:_LONGEST_NUMBER]!r} is no number; write it like 62.5", pointer)


def _refusal(reason: Reason, error: msgspec.ValidationError, prefix: str = "") -> Refused:
    text, pointer = told(error)
    return Refused(reason, text[:_LONGEST_DETAIL], prefix + pointer)
