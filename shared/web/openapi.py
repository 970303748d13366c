"""The OpenAPI 3.1 document of the resources a process serves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from shared.web.site import Route

_VARIABLE = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
_PROBLEM = {
    "description": "Problem details (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}


def document(routes: Sequence[Route], version: str) -> dict[str, Any]:
    """Return the document; the schemas of request bodies come from the msgspec Structs that validate them."""
    bodies = [route.body for route in routes if route.body is not None]
    schemas, components = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    schema_of = dict(zip(bodies, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operations = paths.setdefault(_VARIABLE.sub(r"{\1}", route.path), {})
        operations.setdefault(route.method.lower(), _operation(route, schema_of))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chuẩn", "version": version, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(route: Route, schema_of: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary or f"{route.method} {route.path}",
        "tags": [route.service or "platform"],
        "responses": {"200": {"description": "Done"}, "default": _PROBLEM},
    }
    names = _VARIABLE.findall(route.path)
    if names:
        operation["parameters"] = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema_of[route.body]}}}
    if route.role:
        operation["security"] = [{"token": [route.role]}]
    return operation
