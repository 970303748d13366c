"""What a running installation answers without any data: plans of samples, and the organisation of a day."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.e2e.shell import figures, running


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation that has just been started."""
    with running(tmp_path_factory.mktemp("data")) as found:
        yield found


def asked(address: str | urllib.request.Request) -> tuple[int, str, Any]:
    """Return the status, the media type and the document."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own address
            return answer.status, answer.headers.get_content_type(), json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type(), json.load(error)


def test_sampling_plans_are_those_of_the_command(url: str) -> None:
    """The same n, Ac and curve's points by either way; a wrong question is a problem document that names the field."""
    status, media_type, offered = asked(f"{url}/v1/sampling-plans?lot=1200&aql=1&ltpd=5")
    assert (status, media_type) == (200, "application/json")
    printed = figures("sampling", "--lot", 1200, "--aql", 1, "--ltpd", 5)
    for offer in (offered, printed):
        assert [(one["basis"], one["size"], one["accept"]) for one in offer["plans"]] == [
            ("operating_characteristic", 128, 3),
            ("iso_2859_1_normal_ii", 80, 2),
        ]
    assert [len(one["curve"]) for one in offered["plans"]] == [len(one["curve"]) for one in printed["plans"]]
    assert {"basis", "size", "accept", "producers_risk", "consumers_risk", "curve"} <= set(offered["plans"][0])
    status, media_type, problem = asked(f"{url}/v1/sampling-plans?lot=1200&aql=5&ltpd=1")
    assert (status, media_type) == (422, "application/problem+json")
    assert "ltpd" in json.dumps(problem)


def test_the_organisation_is_that_of_the_command(url: str) -> None:
    """The same provinces and units on either side of 1 July 2025."""
    for day, number in (("2025-06-30", 63), ("2025-07-01", 34)):
        status, _, found = asked(f"{url}/v1/organisation?on={day}")
        assert (status, len(found["provinces"])) == (200, number)
        assert found == figures("organisation", "--on", day)
    assert asked(f"{url}/v1/organisation?on=July")[0] == 422


def test_ids_are_the_numbers_of_papers(url: str) -> None:
    """A task is called as its directive is, a draft as its regulation: both have a slash, and are found by it all the same."""

    def told(path: str, body: Any) -> int:
        sent = json.dumps(body).encode()
        request = urllib.request.Request(f"{url}{path}", sent, {"Content-Type": "application/json"})  # noqa: S310 - our own address
        return urllib.request.urlopen(request, timeout=20).status  # type: ignore[no-any-return]  # noqa: S310

    assert told("/v1/tasks", {"task_id": "12/KH-TĐC", "title": "Việc mẫu", "unit": "SAMPLE-UNIT"}) == 201
    assert told(f"/v1/tasks/{quote('12/KH-TĐC', safe='')}/done", {"by": "Cán bộ mẫu"}) == 200
    regulation = {"draft_id": "QCVN 99:2026/BKHCN", "kind": "national_regulation", "title": "Dự thảo mẫu", "unit": "SAMPLE-UNIT"}
    assert told("/v1/drafts", regulation) == 201
    assert told(f"/v1/drafts/{quote('QCVN 99:2026/BKHCN')}/stage", {"stage": "withdrawn", "by": "Cán bộ mẫu"}) == 200
    assert asked(f"{url}/v1/drafts/{quote('QCVN 99:2026/BKHCN', safe='')}")[2]["draft_id"] == "QCVN 99:2026/BKHCN"
    assert told("/v1/sites", [{"id": "SAMPLE/46/1", "name": "Cửa hàng mẫu", "province": "46"}]) == 200
    assert asked(f"{url}/v1/sites/SAMPLE%2F46%2F1")[2]["site_id"] == "SAMPLE/46/1"


def test_a_register_comes_in_parts(url: str) -> None:
    """While one is loaded nobody else writes the registers: a thousand entries at once are taken, one more is refused whole."""

    def told(number: int) -> tuple[int, Any]:
        entries = [{"id": f"SAMPLE-PART-{one}", "name": "Cửa hàng mẫu", "province": "46"} for one in range(number)]
        sent = json.dumps(entries).encode()
        request = urllib.request.Request(f"{url}/v1/sites", sent, {"Content-Type": "application/json"})  # noqa: S310 - our own address
        return asked(request)[::2]

    assert told(1000) == (200, {"loaded": 1000, "refused": []})
    status, problem = told(1001)
    assert (status, "1000" in problem["detail"]) == (422, True)
