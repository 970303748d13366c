"""Run a service's method as a nameko worker and wait for what it returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import copy_context
from typing import Any

from eventlet.event import Event as Result
from nameko.extensions import Entrypoint


def run_method(entrypoint: Entrypoint, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> Any:
    """Call the method behind ``entrypoint`` with its dependencies injected; raise what it raises."""
    done = Result()

    def handle_result(_context: object, result: object, exc_info: Any) -> tuple[object, Any]:
        if exc_info is None:
            done.send(result)
        else:
            done.send_exception(*exc_info)
        return result, exc_info

    context = {"surroundings": copy_context()}
    entrypoint.container.spawn_worker(
        entrypoint, tuple(args), dict(kwargs or {}), context_data=context, handle_result=handle_result
    )
    return done.wait()


def enter_surroundings(worker_ctx: Any) -> None:
    """Give a worker, which has a green thread of its own, the context variables of its caller: the trace, and what logs tell."""
    for variable, value in worker_ctx.data.get("surroundings", {}).items():
        variable.set(value)
