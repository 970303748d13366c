"""``@http``: a method of a service that answers requests."""

from __future__ import annotations

from typing import Any

from nameko.extensions import Entrypoint
from werkzeug.wrappers import Request, Response

from shared.contracts import strict_json
from shared.kernel.errors import InvalidInput
from shared.runner.worker import run_method
from shared.web.reply import response
from shared.web.site import Route, Site

MAX_BODY = 4 * 1024 * 1024


class Http(Entrypoint):
    """Binds a method to an HTTP method and a path.

    ``body`` is the msgspec Struct, or the union of tagged ones, that a JSON body must match; it is passed on as ``body=``.
    When tokens are in use a caller needs the role officer, for reading too, unless the resource is ``public``.
    """

    def __init__(self, method: str, path: str, *, body: Any = None, public: bool = False, **kwargs: Any) -> None:
        self._method, self._path, self._body = method, path, body
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
            )
        )

    def _answer(self, request: Request, values: dict[str, Any]) -> Response:
        if self._body is not None:
            values = {**values, "body": read_json(request, self._body)}
        return response(run_method(self, (request,), values))


http = Http.decorator


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
