"""``POST /v1/events``: the CloudEvents HTTP binding. 202 means the events are in the outbox."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec
import structlog
from werkzeug.wrappers import Request, Response

from shared.contracts.codec import MAX_BYTES, contracts_by_type, decode
from shared.contracts.envelope import OWN_SOURCE, Event, check_arrival
from shared.contracts.strict_json import check_json
from shared.kernel.errors import InvalidInput, Reason, Refused
from shared.room import Room
from shared.web.entrypoint import MAX_BODY, read_body
from shared.web.reply import problem

log = structlog.get_logger()

_STRUCTURED, _BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
_VERSION = re.compile(r"[0-9]{1,9}")
MAX_BATCH = 1000


class Accepted(msgspec.Struct):
    """How many events were stored for publication."""

    accepted: int


class Rejected(msgspec.Struct, omit_defaults=True):
    """One event of a batch that was refused; nothing of the batch is stored then."""

    index: int
    reason: str
    detail: str
    pointer: str = ""


def take_in(room: Room, request: Request) -> Response:
    """Store the events of ``request`` in the outbox of ``room``: all of them or, when one is refused, none."""
    bodies = _bodies(request)
    events: list[Event[Any]] = []
    rejected: list[Rejected] = []
    for index, body in enumerate(bodies):
        try:
            events.append(_from_outside(decode(body, edge=True), room.wall()))
        except Refused as error:
            rejected.append(Rejected(index, str(error.reason), error.detail, error.pointer))
    if rejected:
        first = rejected[0]
        return problem(
            422,
            "Nothing was accepted: an event was refused",
            first.detail,
            pointer=first.pointer,
            reason=first.reason,
            rejected=rejected[:50],
            rejected_count=len(rejected),
        )
    with room.transaction() as uow:
        for event in events:
            uow.forward(event)
    return Response(msgspec.json.encode(Accepted(len(events))), status=202, content_type="application/json")


def _from_outside(event: Event[Any], arrived: datetime) -> Event[Any]:
    """Return ``event``; raise ``Refused`` when it says what only one of our services may say, or in its name."""
    check_arrival(event, arrived)
    if contracts_by_type()[event.type].is_own:
        raise Refused(Reason.NOT_FROM_OUTSIDE, f"only the service itself publishes {event.type}", "/type")
    if event.source.startswith(OWN_SOURCE):
        raise Refused(Reason.NOT_FROM_OUTSIDE, f"sources that begin with {OWN_SOURCE} are our services'", "/source")
    if event.edited:
        raise Refused(Reason.NOT_FROM_OUTSIDE, "only the dead-letter desk says that an event was edited", "/edited")
    return event


def _bodies(request: Request) -> list[bytes]:
    kind = request.mimetype
    if kind == _BATCH:
        return _split(read_body(request, MAX_BODY))
    body = read_body(request, MAX_BYTES)
    if kind == _STRUCTURED or "ce-specversion" not in request.headers:
        return [body]
    return [_from_binary(request, body)]


def _split(body: bytes) -> list[bytes]:
    try:
        events = msgspec.json.decode(body, type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise InvalidInput(f"a batch must be a JSON array of events: {error}") from error
    if len(events) > MAX_BATCH:
        raise InvalidInput(f"the batch has {len(events)} events; at most {MAX_BATCH} are accepted")
    return [bytes(event) for event in events]


def _from_binary(request: Request, body: bytes) -> bytes:
    """Return binary mode (attributes as ``ce-`` headers, data as body) as structured mode."""
    check_json(body)  # by itself: joined to the attributes, it could pretend to be some of them
    attributes: dict[str, Any] = {
        name[3:].lower(): unquote(value) for name, value in request.headers.items() if name.lower().startswith("ce-")
    }
    if _VERSION.fullmatch(attributes.get("dataversion", "")):
        attributes["dataversion"] = int(attributes["dataversion"])
    attributes["datacontenttype"] = request.mimetype or "application/json"
    return msgspec.json.encode({**attributes, "data": msgspec.Raw(body)})
