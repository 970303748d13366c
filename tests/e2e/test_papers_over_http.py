"""Papers over HTTP, from a running installation: issued, listed, given out in both kinds, bundled and verified."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from services.inspection.papers import DOCX, PDF
from shared.contracts.codec import encode
from shared.contracts.envelope import Event
from shared.contracts.partners import SampleTested
from tests.e2e.shell import chuan, running


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Any
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


class Site(NamedTuple):
    """A running installation."""

    url: str

    def ask(self, path: str, body: Any = None, accept: str = "*/*") -> Answer:
        """Ask for a path."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data=data, headers={"Accept": accept})  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Return an installation with one case about a sample of petrol."""
    data = SampleTested.sample()
    event = Event(id="SAMPLE-1", source="/sample/lab", type=data.type, subject=data.order_key(), time=data.observed_at, data=data)
    events = tmp_path / "events.jsonl"
    events.write_bytes(encode(event))
    assert chuan("process", events, "--data", tmp_path / "data").returncode == 0
    with running(tmp_path / "data") as url:
        yield Site(url)


def test_a_paper_from_its_order_to_the_verified_bundle(site: Site, tmp_path: Path) -> None:
    """The bytes that are given out are those whose hash was answered, however they are asked for."""
    case_id = site.ask("/v1/cases").document["cases"][0]["id"]
    papers = f"/v1/cases/{case_id}/papers"
    order = json.loads(chuan("case", "paper", "example", "inspection_minutes").stdout)
    issued = site.ask(papers, order)
    assert issued.status == 200, issued.body
    paper = issued.document
    assert site.ask(papers, order).document == paper  # the same order again is no second paper
    assert [one["number"] for one in site.ask(papers).document["papers"]] == [paper["number"]]
    one = f"{papers}/{paper['number']}"
    for path, accept, kind, digest in (
        (one, "*/*", PDF, paper["pdf_sha256"]),
        (one, DOCX, DOCX, paper["docx_sha256"]),
        (f"{one}.docx", "*/*", DOCX, paper["docx_sha256"]),
        (f"{one}.pdf", DOCX, PDF, paper["pdf_sha256"]),
    ):
        given = site.ask(path, accept=accept)
        assert (given.headers["Content-Type"], given.headers["ETag"]) == (kind, f'"{digest}"')
        assert sha256(given.body).hexdigest() == digest
    for path, body, status in (
        (f"{one}.odt", None, 422),
        (f"{papers}/99", None, 404),
        ("/v1/cases/nothing/bundle", None, 404),
        (papers, {"form": "seal"}, 422),
        (papers, {"form": "public_notice", "signer": {"name": "Mẫu", "position": "Mẫu"}, "media": "Mẫu"}, 409),
    ):
        assert site.ask(path, body).status == status, path
    bundle = tmp_path / "case.jsonl"
    bundle.write_bytes(site.ask(f"/v1/cases/{case_id}/bundle").body)
    verified = chuan("case", "verify", bundle)
    assert verified.returncode == 0, verified.stderr
    assert "1 papers" in verified.stdout
