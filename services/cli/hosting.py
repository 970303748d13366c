"""Which services there are, and what a process needs to host them."""

from __future__ import annotations

from typing import Any

from services.cli.app import chuan_version
from services.inspection.service import InspectionService
from services.notification.service import NotificationService
from services.planning.service import PlanningService
from services.reporting.service import ReportingService
from shared.contracts import asyncapi
from shared.contracts.registry import contracts
from shared.kernel.clock import Clock
from shared.messaging.subscription import subscribed_types
from shared.runner.launcher import Hosting
from shared.settings import Settings

SERVICES: dict[str, type[Any]] = {
    service.name: service for service in (PlanningService, InspectionService, NotificationService, ReportingService)
}


def host(settings: Settings, clock: Clock, names: list[str] | None = None, *, serve_http: bool = True) -> Hosting:
    """Return the services called ``names``, or all, ready to be started."""
    return Hosting(
        [SERVICES[name] for name in names or SERVICES],
        settings,
        clock,
        version=chuan_version(),
        asyncapi=published_language,
        serve_http=serve_http,
    )


def published_language() -> dict[str, Any]:
    """Return the AsyncAPI document: what each service receives, and what it sends."""
    sends: dict[str, list[str]] = {name: [] for name in SERVICES}
    for event_type, contract in contracts().items():
        if contract.publisher in sends:
            sends[contract.publisher].append(event_type)
    traffic = {name: (subscribed_types(service), sends[name]) for name, service in SERVICES.items()}
    return asyncapi.document(traffic, version=chuan_version())
