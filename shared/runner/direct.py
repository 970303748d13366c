"""Calls a service's subscribed methods without nameko: for rehearsals, in a process that hosts it or in none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nameko.extensions import DependencyProvider

from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork
from shared.messaging.subscription import Subscribe
from shared.room import Room


def handlers_of(service: type[Any], room: Room) -> Callable[[Sequence[Event[Any]], UnitOfWork], None]:
    """Return what handles events as the service's reader does; its dependencies are made when it is first called."""
    methods: list[tuple[frozenset[str], Callable[..., Any]]] = []

    def handle(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
        if not methods:
            methods.extend(_methods(_instance(service, room)))
        for types, method in methods:
            wanted = [event for event in events if event.type in types]
            if wanted:
                method(wanted, uow)

    return handle


class _Surroundings:
    """What dependencies ask of nameko's container."""

    def __init__(self, service: str, room: Room) -> None:
        self.service_name = service
        self.config = {"rooms": {service: room}}


def _instance(service: type[Any], room: Room) -> Any:
    container = _Surroundings(service.name, room)
    made = service()
    for name in dir(service):
        provider = getattr(service, name)
        if isinstance(provider, DependencyProvider):
            bound = provider.bind(container, name)
            bound.setup()
            setattr(made, name, bound.get_dependency(None))
    return made


def _methods(made: Any) -> list[tuple[frozenset[str], Callable[..., Any]]]:
    return [
        (entrypoint.types, getattr(made, name))
        for name in dir(made)
        for entrypoint in getattr(getattr(made, name), "nameko_entrypoints", ())
        if isinstance(entrypoint, Subscribe)
    ]
