"""The W3C trace context of what is being done, carried from event to event."""

from __future__ import annotations

from contextvars import ContextVar

_traceparent: ContextVar[str] = ContextVar("traceparent", default="")


def current_traceparent() -> str:
    """Return the trace context of this request or batch, empty outside of one."""
    return _traceparent.get()


def continue_trace(traceparent: str) -> None:
    """Go on with the trace that a request brought."""
    _traceparent.set(traceparent)
