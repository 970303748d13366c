"""Which service owns which resource: what every way in must agree with."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.cli.hosting import SERVICES
from shared.web.entrypoint import Http


class Owned(NamedTuple):
    """A resource of a service, with an example in place of its variables."""

    service: str
    path: str


def resources() -> list[Owned]:
    """Return every resource that a service declares by ``@http``."""
    found = {
        Owned(name, re.sub(r"<[^>]+>", "SAMPLE-1", entrypoint._path))
        for name, service in SERVICES.items()
        for attribute in dir(service)
        for entrypoint in getattr(getattr(service, attribute), "nameko_entrypoints", ())
        if isinstance(entrypoint, Http)
    }
    return sorted(found)
