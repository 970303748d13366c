"""Spans by OpenTelemetry, sent over OTLP and HTTP: by the variables ``OTEL_*`` of its specification."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.observability.tracing import Attributes, Kind

_FAREWELL = 3.0  # seconds
_PROPAGATOR = TraceContextTextMapPropagator()


class Span:
    """Something being done; ``traceparent`` is for what follows from it."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self.traceparent = _traceparent(span)

    def note(self, name: str, attributes: Attributes) -> None:
        """Say better what it was, once that is known."""
        self._span.update_name(name)
        self._span.set_attributes(dict(attributes))


class Spans:
    """Measures and sends; one for a process."""

    def __init__(self, service: str) -> None:
        resource = Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME") or service})
        self._provider = TracerProvider(resource=resource)
        self._exporter = OTLPSpanExporter()
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("chuan")

    @contextmanager
    def one(self, name: str, kind: Kind, came: str, attributes: Attributes) -> Iterator[Span]:
        """Measure what is done inside, as a part of the trace that ``came`` in."""
        with trace.use_span(self._start(name, kind, came, attributes), end_on_exit=True) as span:
            yield Span(span)

    @contextmanager
    def many(self, name: str, kind: Kind, came: Sequence[str], attributes: Attributes) -> Iterator[dict[str, str]]:
        """Measure a batch, and as a part of it each trace that ``came`` in; give by these contexts those that follow.

        As the semantic conventions for messages have it: the batch links to its events, for a span has one parent only. In each
        event's own trace stands a span as well, which links to the batch.
        """
        traces = [one for one in dict.fromkeys(came) if one]
        alone = traces[0] if len(traces) == 1 and "" not in came else ""
        counted = {**attributes, "messaging.batch.message_count": len(came)}
        links = [trace.Link(_context_of(one)) for one in traces]
        with trace.use_span(self._start(name, kind, alone, counted, links), end_on_exit=True) as whole:
            if alone:
                yield {alone: _traceparent(whole)}
                return
            here = [trace.Link(whole.get_span_context())]
            parts = {one: self._start(name, kind, one, attributes, here) for one in traces}
            try:
                yield {"": _traceparent(whole), **{one: _traceparent(part) for one, part in parts.items()}}
            finally:
                for part in parts.values():
                    part.end()

    def close(self) -> None:
        """Send what is left, if the collector takes it soon: a process that stops does not wait for one that is away."""
        limit = threading.Timer(_FAREWELL, self._exporter.shutdown)
        limit.daemon = True
        limit.start()
        self._provider.shutdown()
        limit.cancel()

    def _start(self, name: str, kind: Kind, came: str, attributes: Attributes, links: Sequence[trace.Link] = ()) -> trace.Span:
        parent = _PROPAGATOR.extract({"traceparent": came}, Context())
        return self._tracer.start_span(name, parent, trace.SpanKind[kind.upper()], attributes=dict(attributes), links=list(links))


def _context_of(traceparent: str) -> trace.SpanContext:
    context = _PROPAGATOR.extract({"traceparent": traceparent}, Context())
    return trace.get_current_span(context).get_span_context()


def _traceparent(span: trace.Span) -> str:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span, Context()))
    return carrier["traceparent"]
