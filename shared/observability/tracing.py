"""The W3C trace context of what is being done, carried from event to event; and spans of it, where a collector is named.

Without ``OTEL_EXPORTER_OTLP_ENDPOINT`` a context that came in goes on with what follows from it, and nothing is measured:
OpenTelemetry is not even imported.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from shared.observability.spans import Span, Spans

Kind = Literal["server", "consumer", "producer", "client"]
Attributes = Mapping[str, str | int]

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_VALID = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

_NONE: Mapping[str, str] = MappingProxyType({})
_current: ContextVar[str] = ContextVar("traceparent", default="")
_batch: ContextVar[Mapping[str, str]] = ContextVar("traceparents of a batch", default=_NONE)
_spans: Spans | None = None

_Value = TypeVar("_Value")


def switch_on(service: str) -> None:
    """Send spans under the name ``service``, if the environment names a collector; its variables are OpenTelemetry's own."""
    global _spans  # noqa: PLW0603 - a process has one collector, as it has one log
    if _spans is None and any(os.environ.get(name) for name in _ENDPOINTS):
        from shared.observability.spans import Spans  # noqa: PLC0415 - most installations have no collector

        _spans = Spans(service)


def switch_off() -> None:
    """Send what was measured, and stop."""
    global _spans  # noqa: PLW0603 - the same
    if _spans is not None:
        _spans.close()
        _spans = None


def traceparent_after(cause: str = "") -> str:
    """Return the context of what is done now because of something with the context ``cause``; empty without any."""
    return _batch.get().get(cause) or _current.get() or cause


@contextmanager
def span(name: str, kind: Kind, came: str, attributes: Attributes | None = None) -> Iterator[Span | None]:
    """Go on with the trace that ``came`` in: what is done inside belongs to it."""
    came = came if _VALID.fullmatch(came) else ""
    if _spans is None:
        with _during(_current, came):
            yield None
    else:
        with _spans.one(name, kind, came, attributes or {}) as opened, _during(_current, opened.traceparent):
            yield opened


@contextmanager
def batch(name: str, kind: Kind, came: Iterable[str], attributes: Attributes) -> Iterator[None]:
    """Go on with the traces of a batch's events, which came from different ones: each event's in its own."""
    if _spans is None:
        yield
    else:
        valid = [one if _VALID.fullmatch(one) else "" for one in came]
        with _spans.many(name, kind, valid, attributes) as opened, _during(_batch, opened):
            yield


@contextmanager
def _during(variable: ContextVar[_Value], value: _Value) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)
