"""Bytes to typed events and back: bounded before it is parsed, and strict about what JSON leaves open.

Two readers share one path. The *edge* (files, HTTP, the client library) refuses fields it does not know, so that a
misspelt name is seen by whoever sent it. A *subscriber* ignores them, so that a publisher may be deployed first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import msgspec

from shared.contracts.envelope import Contract, Data, Event, Moment, check_year, upcaster
from shared.contracts.registry import contracts
from shared.contracts.strict_json import NUL, check_json, step
from shared.kernel.errors import Reason, Refused

MAX_BYTES = 256 * 1024
_LONGEST_DETAIL = 500

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
        wire, event = _typed(raw, edge)
    except (Refused, msgspec.DecodeError, UnicodeError, RecursionError) as error:
        check_json(raw)  # what is wrong with the text itself comes first
        if isinstance(error, Refused):
            raise
        raise Refused(Reason.NOT_JSON, str(error)[:_LONGEST_DETAIL]) from error
    data = _encode(event.data)
    wire.data = msgspec.Raw(data)
    # What comes out of its types again just as it went in can hide nothing; only other texts are looked through.
    if _encode(wire) != raw or NUL in raw:
        check_json(raw)
    return event, data


def _typed(raw: bytes, edge: bool) -> tuple[CloudEvent, Event[Any]]:
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
    data = _data(wire, found, edge)
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


def _data(wire: CloudEvent, found: Contract, edge: bool) -> Data:
    if wire.dataversion > found.version:
        raise Refused(
            Reason.NEWER_VERSION,
            f"{wire.type} version {wire.dataversion} is newer than the {found.version} known here",
            "/dataversion",
        )
    try:
        if wire.dataversion < found.version:
            return msgspec.convert(_upcast(wire, found), found.data)
        return _reader(found.data, edge)(wire.data)
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
def _reader(data: type[Data], edge: bool) -> Callable[[bytes | msgspec.Raw], Data]:
    read = msgspec.json.Decoder(data).decode
    if not edge:
        return read

    def read_strictly(raw: bytes | msgspec.Raw) -> Data:
        value = read(raw)
        _check_names(_read_any(raw), value, "/data")
        return value

    return read_strictly


def _check_names(given: Any, known: Any, pointer: str) -> None:
    """Raise ``Refused`` when ``given`` has a field that the struct ``known`` was read without."""
    if isinstance(known, msgspec.Struct):
        names = known.__struct_fields__
        for name, value in given.items():
            if name not in names and name != known.__struct_config__.tag_field:
                known_names = ", ".join(sorted(names))
                raise Refused(Reason.INVALID_DATA, f"unknown field; known are {known_names}", step(pointer, name))
            if isinstance(value, (dict, list)):
                _check_names(value, getattr(known, name, None), step(pointer, name))
    elif isinstance(known, list) and known and isinstance(known[0], msgspec.Struct):
        for index, (one, read) in enumerate(zip(given, known, strict=True)):
            _check_names(one, read, f"{pointer}/{index}")


_PATH = re.compile(r" - at `\$?(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def _refusal(reason: Reason, error: msgspec.ValidationError, prefix: str = "") -> Refused:
    text = str(error)
    found = _PATH.search(text)
    steps = _STEP.findall(found["path"]) if found else []
    pointer = prefix
    for name, index in steps:
        pointer = step(pointer, name or index)
    return Refused(reason, (text[: found.start()] if found else text)[:_LONGEST_DETAIL], pointer)
