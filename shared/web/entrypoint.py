"""``@http``: a method of a service that answers requests."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from nameko.extensions import Entrypoint
from werkzeug.wrappers import Request, Response

from shared.contracts import strict_json
from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import NUL, well_formed
from shared.runner.worker import run_method
from shared.web.reply import response
from shared.web.site import Route, Site

MAX_BODY = 4 * 1024 * 1024
_FIELDS = 100  # of a form


class Http(Entrypoint):
    """Binds a method to an HTTP method and a path.

    ``body`` is the msgspec Struct, or the union of tagged ones, that a JSON body must match; it is passed on as ``body=``.
    With ``form`` it may also come as the fields of a form, sent by a page of ours.
    When tokens are in use a caller needs the role officer, for reading too, unless the resource is ``public``.
    """

    def __init__(
        self, method: str, path: str, *, body: Any = None, form: bool = False, public: bool = False, **kwargs: Any
    ) -> None:
        self._method, self._path, self._body, self._form = method, path, body, form
        self._role = "" if public else "officer"
        super().__init__(expected_exceptions=(Exception,), **kwargs)

    def setup(self) -> None:
        site: Site = self.container.config["site"]
        summary = (getattr(self.container.service_cls, self.method_name).__doc__ or "").strip().partition("\n")[0]
        site.add(
            Route(
                method=self._method,
                path=self._path,
                answer=self._answer,
                service=self.container.service_name,
                summary=summary,
                body=self._body,
                role=self._role,
                form=self._form,
            )
        )

    def _answer(self, request: Request, values: dict[str, Any]) -> Response:
        if self._body is not None:
            read = read_form if self._form and is_form(request) else read_json
            values = {**values, "body": read(request, self._body)}
        return response(run_method(self, (request,), values))


http = Http.decorator


def is_form(request: Request) -> bool:
    """Tell whether a request brings the fields of a form, as a page sends them."""
    return request.mimetype == "application/x-www-form-urlencoded"


def read_form(request: Request, kind: Any) -> Any:
    """Return the fields of a form as ``kind``; raise ``InvalidInput`` with the field that is wrong."""
    try:
        fields = parse_qsl(read_body(request).decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=_FIELDS)
    except ValueError as error:
        raise InvalidInput(f"the form cannot be read: {error}") from error
    if len(dict(fields)) < len(fields) or any(NUL in value for _, value in fields):
        raise InvalidInput("each field of a form stands in it once, without the character NUL")
    return well_formed(dict(fields), kind, strict=False)


def read_body(request: Request, limit: int = MAX_BODY) -> bytes:
    """Return the body; raise ``InvalidInput`` when it is larger than ``limit`` or its length is not announced."""
    length = request.content_length
    if length is None:
        raise InvalidInput("a body needs a Content-Length")
    if length > limit:
        raise InvalidInput(f"the body has {length} bytes; at most {limit} are accepted")
    return request.stream.read(length)


def read_json(request: Request, kind: Any) -> Any:
    """Return the body as ``kind``; raise ``InvalidInput`` with the place of what is wrong."""
    return strict_json.read_json(read_body(request), kind)
