"""One HTTP origin for all services of a process, with what each of them has: probes, metrics, documents, events."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any
from uuid import uuid4

import eventlet
import eventlet.wsgi
import msgspec
import structlog
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from shared.kernel.errors import ChuanError, InvalidInput
from shared.kernel.hosts import is_loopback
from shared.kernel.wellformed import NUL, step
from shared.observability import metrics
from shared.observability.tracing import span
from shared.web.auth import Tokens, is_from_own_page
from shared.web.reply import problem_of

log = structlog.get_logger()

Answer = Callable[[Request, dict[str, Any]], Response]

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
}
_CORRELATION_ID = re.compile(r"[!-~]{1,100}")  # it goes into the answer's headers
_PORT = re.compile(r":\d*$")
# Asked every few seconds, they would bury every other trace.
_PROBES = ("/livez", "/readyz", "/metrics")
_SOCKET_TIMEOUT = 30  # seconds a client may be silent; a slow one cannot hold a connection for ever


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One resource: who serves it and what it takes. An empty ``role`` lets everybody in; ``form``: our pages send it forms."""

    method: str
    path: str
    answer: Answer
    service: str = ""
    summary: str = ""
    body: Any = None
    role: str = ""
    form: bool = False


class Site:
    """Listens on one address and passes each request to the service that owns its path."""

    def __init__(self, address: str, tokens: Tokens) -> None:
        host, _, port = address.rpartition(":")
        self._address = (host or "127.0.0.1", int(port))
        if not is_loopback(self._address[0]) and not tokens.required:
            raise ChuanError(f"HTTP on {address} can be reached from outside: set CHUAN_TOKENS_FILE, or listen on 127.0.0.1")
        self._tokens = tokens
        self.routes: list[Route] = []
        self._socket: Any = None

    @property
    def url(self) -> str:
        host, port = self._socket.getsockname()[:2] if self._socket else self._address
        return f"http://{host}:{port}"

    def add(self, route: Route) -> None:
        """Serve ``route``; of two with the same method and path the first one wins."""
        self.routes.append(route)

    def start(self) -> None:
        """Listen; raise ``ChuanError`` when the address is taken."""
        rules = [Rule(route.path, methods=[route.method], endpoint=index) for index, route in enumerate(self.routes)]
        self._map = Map(rules)
        try:
            self._socket = eventlet.listen(self._address)
        except OSError as error:
            raise ChuanError(f"cannot listen on {self.url}: {error.strerror}; set CHUAN_HTTP_ADDRESS to a free one") from error
        self._server = eventlet.spawn(
            eventlet.wsgi.server, self._socket, self.respond, log_output=False, debug=False, socket_timeout=_SOCKET_TIMEOUT
        )

    def stop(self) -> None:
        if self._socket is not None:
            self._server.kill()
            self._socket.close()
            self._socket = None

    def respond(self, environ: Mapping[str, Any], start_response: Any) -> Any:
        """Answer one request: the WSGI application."""
        request = Request(dict(environ))
        given = request.headers.get("X-Correlation-Id", "")
        correlation_id = given if _CORRELATION_ID.fullmatch(given) else uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation_id)
        began = time.perf_counter()
        came = request.headers.get("traceparent", "")
        with nullcontext() if request.path in _PROBES else span(request.method, "server", came) as measured:
            answer, route = self._answer(request)
            # Anybody may make up methods and paths: those that nothing answers to are one.
            which = (route.service, request.method, route.path) if route else ("", "unknown", "unknown")
            if measured is not None:
                named = {"http.request.method": which[1], "http.route": which[2]}
                measured.note(f"{which[1]} {which[2]}", {**named, "http.response.status_code": answer.status_code})
        answer.headers.setdefault("X-Correlation-Id", correlation_id)
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        metrics.HTTP_SECONDS.labels(*which, str(answer.status_code)).observe(time.perf_counter() - began)
        return answer(request.environ, start_response)

    def _answer(self, request: Request) -> tuple[Response, Route | None]:
        """Return the answer, and the route that gave it."""
        route = None
        try:
            if not self._tokens.required:
                _check_neighbour(request)
            endpoint, values = self._map.bind_to_environ(request.environ).match()
            route = self.routes[endpoint]
            _check_text(request)
            if route.role:
                structlog.contextvars.bind_contextvars(actor=self._tokens.check(request, route.role, by_form=route.form).name)
            return route.answer(request, dict(values)), route
        except Exception as error:
            if not isinstance(error, ChuanError | HTTPException):
                log.exception("request_failed", path=request.path, method=request.method)
            return problem_of(error), route


def _check_text(request: Request) -> None:
    """Raise ``InvalidInput`` for an address that no database can be asked for."""
    if NUL in request.path:
        raise InvalidInput("an address must not contain the character NUL")
    for name, value in request.args.items(multi=True):
        if NUL in name + value:
            raise InvalidInput("a text must not contain the character NUL", step("", name))


def _check_neighbour(request: Request) -> None:
    """Raise ``Forbidden`` for what a browser on this machine sends for a page of somebody else.

    Without tokens whoever reaches the loopback address may do everything, and every page that is open in a browser here
    reaches it: with a form or a script, or under a name of its own that leads to this address.
    """
    if not is_loopback(_PORT.sub("", request.host).strip("[]")):
        raise Forbidden(f"Without CHUAN_TOKENS_FILE only 127.0.0.1 and localhost are answered, not {request.host}.")
    if "Origin" in request.headers and request.method not in ("GET", "HEAD") and not is_from_own_page(request):
        raise Forbidden("Pages of other sites may not change anything here.")
