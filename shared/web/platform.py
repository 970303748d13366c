"""What every process serves beside its services' own resources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Request, Response

from shared.database.migrate import is_current
from shared.kernel.errors import DependencyDown
from shared.observability.measurement import measure
from shared.room import Room
from shared.web.intake import take_in
from shared.web.openapi import document
from shared.web.site import Route, Site

Checks = Callable[[], dict[str, str]]


def add_platform(
    site: Site, rooms: Sequence[Room], degraded: Checks, asyncapi: Callable[[], dict[str, Any]], version: str
) -> None:
    """Add probes, metrics, the two API documents and the intake of events.

    ``degraded`` tells for each service what is wrong with its way to the broker. Readiness does not ask for the broker: a service
    that can store into its outbox can do its duty.
    """

    def livez(_request: Request, _values: dict[str, Any]) -> Response:
        return Response("ok\n", content_type="text/plain")

    def readyz(_request: Request, _values: dict[str, Any]) -> Response:
        faults = {room.name: fault for room in rooms if (fault := _fault(room))}
        body = {"ready": not faults, "faults": faults, "degraded": degraded()}
        return Response(msgspec.json.encode(body), status=503 if faults else 200, content_type="application/json")

    def measured(_request: Request, _values: dict[str, Any]) -> Response:
        for room in rooms:
            measure(room)
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    def openapi(_request: Request, _values: dict[str, Any]) -> Response:
        return Response(msgspec.json.encode(document(site.routes, version)), content_type="application/json")

    def published_language(_request: Request, _values: dict[str, Any]) -> Response:
        return Response(msgspec.json.encode(asyncapi()), content_type="application/json")

    def events(request: Request, _values: dict[str, Any]) -> Response:
        return take_in(rooms[0], request)

    for method, path, answer, summary, role in (
        ("GET", "/livez", livez, "The process runs", ""),
        ("GET", "/readyz", readyz, "The process can do its duty", ""),
        ("GET", "/metrics", measured, "Prometheus metrics", ""),
        ("GET", "/openapi.json", openapi, "This document", ""),
        ("GET", "/asyncapi.json", published_language, "The published events as AsyncAPI 3", ""),
        ("POST", "/v1/events", events, "Publish events (CloudEvents HTTP binding: structured, binary, batch)", "publisher"),
    ):
        site.add(Route(method=method, path=path, answer=answer, summary=summary, role=role))


def _fault(room: Room) -> str:
    try:
        return "" if is_current(room.database) else "migrations are missing: run `chuan migrate`"
    except DependencyDown as error:
        return str(error)
