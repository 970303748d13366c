"""Answers that are not plain JSON, and errors as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from shared.kernel.errors import ChuanError, Conflict, DependencyDown, InvalidInput, NotFound, NotPermitted, Refused

_STATUS: tuple[tuple[type[ChuanError], int, str], ...] = (
    (Refused, 422, "The event was refused"),
    (InvalidInput, 422, "The request is not valid"),
    (NotFound, 404, "Not found"),
    (NotPermitted, 403, "Somebody else must do this"),
    (Conflict, 409, "This contradicts the present state"),
    (DependencyDown, 503, "A part this needs is away; try again"),
)


class Reply(msgspec.Struct, frozen=True):
    """An answer with a status, a content type or headers of its own."""

    body: bytes | str
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = {}


def response(result: Any) -> Response:
    """Return what a method returned as a response; anything but a ``Reply`` or a ``Response`` becomes JSON."""
    if isinstance(result, Response):
        return result
    if isinstance(result, Reply):
        return Response(result.body, status=result.status, content_type=result.content_type, headers=dict(result.headers))
    return Response(msgspec.json.encode(result), content_type="application/json")


def problem(status: int, title: str, detail: str = "", **more: Any) -> Response:
    """Return problem details; ``more`` are further members, empty ones are left out."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(
        msgspec.json.encode({name: value for name, value in body.items() if value not in ("", None)}),
        status=status,
        content_type="application/problem+json",
    )


def problem_of(error: Exception) -> Response:
    """Return the problem details of an exception; an unexpected one tells nothing about the inside."""
    if isinstance(error, HTTPException):
        answer = problem(error.code or 500, error.name, error.description or "")
        for name, value in error.get_headers():
            if name.lower() in ("www-authenticate", "allow", "location"):
                answer.headers[name] = value
        return answer
    for kind, status, title in _STATUS:
        if isinstance(error, kind):
            return problem(
                status,
                title,
                getattr(error, "detail", str(error)),
                pointer=getattr(error, "pointer", ""),
                reason=str(getattr(error, "reason", "")),
            )
    return problem(500, "Internal error", "The fault is logged under the correlation id of this answer.")
