"""What the HTTP origin answers to callers that mean no good."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from prometheus_client import REGISTRY
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Request, Response

from shared.contracts.vocabulary import Identifier
from shared.kernel.errors import InvalidInput, Refused
from shared.web.auth import Tokens
from shared.web.entrypoint import read_form, read_json
from shared.web.intake import _bodies
from shared.web.site import Route, Site

HERE = "http://127.0.0.1:8000"


class _Named(msgspec.Struct, forbid_unknown_fields=True):
    name: Identifier


def _answer(_request: Request, _values: dict[str, Any]) -> Response:
    return Response("done")


def _client(tokens: Tokens) -> Iterator[Client]:
    site = Site("127.0.0.1:0", tokens)
    for method in ("GET", "POST"):
        site.add(Route(method=method, path="/thing", answer=_answer, service="made_up", role="officer"))
    site.add(Route(method="POST", path="/form", answer=_answer, service="made_up", role="officer", form=True))
    site.start()
    try:
        yield Client(site.respond)
    finally:
        site.stop()


@pytest.fixture
def client() -> Iterator[Client]:
    """A site that needs no tokens."""
    yield from _client(Tokens(None))


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Client]:
    """A site that needs the token ``sample``."""
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({hashlib.sha256(b"sample").hexdigest(): {"name": "sample", "roles": ["officer"]}}), "utf-8")
    yield from _client(Tokens(file))


@pytest.mark.parametrize(
    ("base", "origin", "status"),
    [
        (HERE, None, 200),
        (HERE, HERE, 200),
        ("http://localhost:8000", "http://localhost:8000", 200),
        ("http://[::1]:8000", None, 200),
        (HERE, "https://elsewhere.example", 403),
        (HERE, "http://127.0.0.1:9999", 403),
        (HERE, "null", 403),
        (HERE, "http://[", 403),
        ("http://localhost.rebound.example", None, 403),
        ("http://rebound.example:8000", "http://rebound.example:8000", 403),
        ("http://rebound.example:8000", None, 403),
    ],
)
def test_pages_of_others_change_nothing_without_tokens(client: Client, base: str, origin: str | None, status: int) -> None:
    """Whatever page is open in a browser at this machine could send a form here, or lead a name of its own here."""
    headers = {} if origin is None else {"Origin": origin}
    assert client.post("/thing", base_url=base, headers=headers).status_code == status


def test_names_that_lead_here_read_nothing_without_tokens(client: Client) -> None:
    """A page whose name leads to this address would be of the same origin, and could read all."""
    assert client.get("/thing", base_url=HERE, headers={"Origin": "https://elsewhere.example"}).status_code == 200
    assert client.get("/thing", base_url="http://rebound.example:8000").status_code == 403


def test_with_tokens_any_name_will_do(guarded: Client) -> None:
    """No browser sends a token of its own accord; behind a proxy the site has a name of its own."""
    bearer = {"Authorization": "Bearer sample"}
    assert guarded.post("/thing", base_url="https://chuan.example", headers=bearer).status_code == 200
    assert guarded.post("/thing", base_url="https://chuan.example").status_code == 401


@pytest.mark.parametrize(
    ("path", "origin", "status"),
    [
        ("/form", "https://chuan.example", 200),
        ("/form", "https://elsewhere.example", 401),
        ("/form", "null", 401),
        ("/form", None, 401),
        ("/thing", "https://chuan.example", 401),
    ],
)
def test_a_password_changes_something_only_by_a_form_of_our_own_pages(
    guarded: Client, path: str, origin: str | None, status: int
) -> None:
    """A browser sends it along with the form of any page, and tells only of ours that they are ours."""
    headers = {} if origin is None else {"Origin": origin}
    answer = guarded.post(path, base_url="https://chuan.example", headers=headers, auth=("officer", "sample"))
    assert answer.status_code == status


@pytest.mark.parametrize("body", [b"name=a&name=b", b"name", b"name=%00", b"\xff=a", b"other=a", b"&".join([b"a=b"] * 101)])
def test_a_form_that_cannot_be_read_is_refused(body: bytes) -> None:
    """Nobody is told later that it could be read in another way."""
    with pytest.raises(InvalidInput):
        read_form(Request.from_values(method="POST", data=body), _Named)


@pytest.mark.parametrize("given", ["a\r\n b: c", "a\rSet-Cookie: b", "Vi\xe1\xbb\x87t", "a b", "x" * 101, "\x1b[31m", ""])
def test_a_correlation_id_that_cannot_be_a_header_is_replaced(client: Client, given: str) -> None:
    """It comes back as a header, and stands in logs."""
    answer = client.get("/thing", base_url=HERE, environ_overrides={"HTTP_X_CORRELATION_ID": given})
    assert answer.status_code == 200
    assert len(answer.headers["X-Correlation-Id"]) == 32
    kept = client.get("/thing", base_url=HERE, headers={"X-Correlation-Id": "ticket-7/a"})
    assert kept.headers["X-Correlation-Id"] == "ticket-7/a"


def test_made_up_methods_and_paths_are_one_series(client: Client) -> None:
    """Every label value is kept for as long as the process lives."""
    for number in range(20):
        assert client.open(f"/nowhere/{number}", method=f"MADE{number}", base_url=HERE).status_code == 404
        assert client.open("/thing", method=f"MADE{number}", base_url=HERE).status_code == 405
    methods = {one.labels.get("method", "") for family in REGISTRY.collect() for one in family.samples}
    assert not [one for one in methods if one.startswith("MADE")]


@pytest.mark.parametrize(("address", "pointer"), [("/thing?name=a%00b", "/name"), ("/thing?a%00=b", "/a\0"), ("/%00", None)])
def test_an_address_that_no_database_can_be_asked_for_is_refused(client: Client, address: str, pointer: str | None) -> None:
    """PostgreSQL has no text with the character NUL: such a question is wrong, not the service."""
    answer = client.get(address, base_url=HERE)
    if pointer is None:
        assert answer.status_code == 404
    else:
        assert (answer.status_code, answer.json["pointer"]) == (422, pointer)
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [(rb'{"name": "a\u0000"}', "/name"), (b'{"name": "a", "name": "b"}', ""), (b"[" * 100_000, ""), (b'{"name": 1}', "")],
)
def test_a_body_without_one_meaning_is_refused(body: bytes, pointer: str) -> None:
    """Nobody who signs for an act may be told later that its JSON could be read in another way."""
    with pytest.raises(InvalidInput) as refused:
        read_json(Request.from_values(method="POST", data=body), dict[str, str])
    assert refused.value.pointer == pointer


@pytest.mark.parametrize("version", ["%C2%B2", "9" * 5000, "-1", "1_0", " 1"])
def test_a_version_that_is_no_number_is_left_to_the_reader(version: str) -> None:
    """The header of binary mode is a text; the reader of events names what is wrong with it."""
    headers = {"ce-specversion": "1.0", "ce-dataversion": version}
    (body,) = _bodies(EnvironBuilder(method="POST", headers=headers, data=b"{}").get_request())
    assert isinstance(json.loads(body)["dataversion"], str)


@pytest.mark.parametrize("body", [b" ", b"{}}", b'{},"subject":"site/other"', b"\xff", b"NaN", b"[" * 100_000])
def test_data_that_is_no_json_does_not_pretend_to_be_attributes(body: bytes) -> None:
    """In binary mode the body is the data, all of it and nothing else."""
    with pytest.raises(Refused):
        _bodies(EnvironBuilder(method="POST", headers={"ce-specversion": "1.0"}, data=body).get_request())
