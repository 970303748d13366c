"""The reverse proxy sends each request to the service that can answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest

from services.cli.hosting import SERVICES
from tests.architecture.tree import ROOT
from tests.deploy.routes import Owned, resources

# The site that is reached from outside.
_CADDYFILE = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8").partition("{$CHUAN_SITE")[2]


def matchers() -> dict[str, list[str]]:
    """Return the named matchers and their path patterns."""
    return {name: patterns.split() for name, patterns in re.findall(r"^\t\t@(\w+) path (.+)$", _CADDYFILE, re.MULTILINE)}


def handlers() -> Iterator[tuple[list[str], str]]:
    """Yield the path patterns and the body of each block, in the order in which Caddy asks them."""
    blocks = re.findall(r"^\t\thandle(?:_path)? ?(\S*) \{\n(.*?)^\t\t\}", _CADDYFILE, re.MULTILINE | re.DOTALL)
    for matcher, body in blocks:
        yield matchers()[matcher[1:]] if matcher.startswith("@") else [matcher or "*"], body


def answer(path: str) -> str:
    """Return the block that answers a path."""
    return next(body for patterns, body in handlers() if any(fnmatchcase(path, pattern) for pattern in patterns))


def behind(path: str) -> list[str]:
    """Return the services that a path leads to."""
    return re.findall(r"(\w+):8000", answer(path))


@pytest.mark.parametrize("resource", resources(), ids=str)
def test_each_resource_is_reached(resource: Owned) -> None:
    """A resource that is added to a service without a way to it would answer 404 from another."""
    assert behind(resource.path) == [resource.service]


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_reached_by_name(service: str) -> None:
    """Probes, OpenAPI documents and dead letters are each service's own."""
    assert behind(f"/services/{service}/readyz") == [service]


def test_any_service_takes_events_in() -> None:
    """The way in must not depend on one service."""
    assert set(behind("/v1/events")) == SERVICES.keys()


def test_metrics_stay_inside() -> None:
    """Figures of operations are nobody else's business."""
    for path in ("/metrics", *(f"/services/{service}/metrics" for service in SERVICES)):
        assert answer(path).strip() == "respond 404"


def test_blocks_are_asked_in_their_order() -> None:
    """Outside of a `route` Caddy sorts blocks by its own rules, and what is closed above would be open."""
    assert re.search(r"^\troute \{$", _CADDYFILE, re.MULTILINE)
    assert not re.search(r"^\t(?:handle|respond|reverse_proxy)", _CADDYFILE, re.MULTILINE)
