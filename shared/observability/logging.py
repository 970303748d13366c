"""Structured logs: events with fields, as JSON lines on standard error, never a secret."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_NAME = re.compile(r"(password|secret|token|authorization|signature|cookie)", re.IGNORECASE)
_SECRET_IN_URL = re.compile(r"(?<=://)([^/@\s:]*):([^@\s]*)@")


def configure(level: str = "INFO", style: str = "json") -> None:
    """Set up structlog and the standard library's logging to write alike."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    render: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=render, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.WARNING))
    # nameko logs a traceback for every exception of a method, which the kit already reports with its event.
    logging.getLogger("nameko").setLevel(logging.ERROR)
    logging.getLogger("pika").setLevel(logging.CRITICAL)


def redact(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide values whose name speaks of a secret, and passwords inside URLs."""
    for name, value in entry.items():
        if _SECRET_NAME.search(name):
            entry[name] = "***"
        elif isinstance(value, str) and "://" in value:
            entry[name] = _SECRET_IN_URL.sub(r"\1:***@", value)
    return entry
