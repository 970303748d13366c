"""Door plates tell the truth: what a service hears, publishes, answers and does by the clock, and who hears it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from importlib import import_module
from typing import Any

import pytest

import services
from services.cli.hosting import SERVICES
from shared.contracts.registry import contracts
from shared.messaging.subscription import subscribed_types
from shared.runner.timers import Every
from shared.web.entrypoint import Http
from tests.architecture.tree import ROOMS

_SECTION = re.compile(r"^(In|Out|HTTP|Timers): ", re.MULTILINE)
_NAME = re.compile(r"(?:(?<=[\s:])|^)(\*|[a-z]*\.(?:[a-z_]+|\*))(?=[,;:.\s]|$)")
_PERIODS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


def plate_of(room: str) -> dict[str, str]:
    """Return the sections of a door plate."""
    text = (import_module(f"services.{room}").__doc__ or "").partition("\n\n")[2].partition("\n\n")[0]
    _, *parts = _SECTION.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def entrypoints(room: str, kind: type) -> Iterator[tuple[str, Any]]:
    """Yield the methods of a service that an entrypoint of a kind calls."""
    for name in dir(service := SERVICES[room]):
        for one in getattr(getattr(service, name), "nameko_entrypoints", ()):
            if isinstance(one, kind):
                yield name, one


def types_named(text: str, publisher: str = "") -> set[str]:
    """Return the event types a list names; one that begins with a dot has the publisher of the one before it."""
    found: set[str] = set()
    for name in _NAME.findall(text):
        publisher = name.partition(".")[0] or publisher
        whole = publisher + name if name.startswith(".") else name
        matching = {one for one in contracts() if fnmatchcase(one, whole)}
        assert matching, f"{whole} is no event type"
        found |= matching
    return found


def of_publisher(publishers: Iterable[str]) -> set[str]:
    """Return the event types of some publishers."""
    return {one for one in contracts() if one.partition(".")[0] in publishers}


@pytest.mark.parametrize("room", ROOMS)
def test_a_plate_names_every_event(room: str) -> None:
    """What the service subscribes to, and every type that bears its name; no other."""
    plate = plate_of(room)
    assert types_named(plate["In"]) == set(subscribed_types(SERVICES[room]))
    assert types_named(plate["Out"]) == of_publisher([room])


@pytest.mark.parametrize("room", ROOMS)
def test_a_plate_names_every_resource(room: str) -> None:
    """Each with its method: a path belongs to the last one named before it."""
    found, method = set(), ""
    for word in re.findall(r"(?<=[\s:])(?:GET|POST|/[^\s,;.]*(?:\.[a-z]+)?)|^GET|^POST", plate_of(room)["HTTP"]):
        if word.startswith("/"):
            found.add((method, word))
        else:
            method = word
    assert found == {(one._method, re.sub(r"<\w+:", "<", one._path)) for _, one in entrypoints(room, Http)}


@pytest.mark.parametrize("room", ROOMS)
def test_a_plate_names_every_timer(room: str) -> None:
    """With its period."""
    found = re.findall(r"(\w+), every (\w+): ", plate_of(room).get("Timers", ""))
    assert {(name, _PERIODS[period]) for name, period in found} == {(name, one._period) for name, one in entrypoints(room, Every)}


def test_the_map_names_every_way() -> None:
    """From each publisher, or from outside, to each service but reporting, which hears all."""
    entries = re.split(r"^(\S.*?)? +-> +(\w+) ", services.__doc__ or "", flags=re.MULTILINE)[1:]
    found: dict[tuple[str, str], set[str]] = {}
    publisher = ""
    for source, hearer, names in zip(entries[::3], entries[1::3], entries[2::3], strict=True):
        publisher = source or publisher
        found[publisher, hearer] = types_named(names.partition("\n\n")[0], publisher)
    assert found.pop(("each of them", "reporting")) == set(contracts())
    sources = {room: of_publisher([room]) for room in ROOMS} | {"outside": set(contracts()) - of_publisher(ROOMS)}
    hearers = {room: set(subscribed_types(SERVICES[room])) for room in ROOMS if room != "reporting"}
    ways = {(source, hearer): types & heard for source, types in sources.items() for hearer, heard in hearers.items()}
    assert found == {way: types for way, types in ways.items() if types}
