"""The service's HTTP resources, as they answer."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
import pytest
from sqlalchemy import Connection
from werkzeug.routing import Map, Rule
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from services.cli import app
from services.reporting import queries
from services.reporting.handlers import issue_finished_months
from services.reporting.indicators import indicators, readers
from services.reporting.model import entry_of
from services.reporting.service import ReportingService
from shared.contracts.inspection import VerdictReached
from shared.contracts.vocabulary import Outcome, Product, ProductGroup
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from shared.i18n import term
from shared.kernel.clock import EventClock
from shared.kernel.errors import InvalidInput, NotFound
from shared.web.entrypoint import Http
from shared.web.reply import Reply
from tests.unit.reporting.made_up import NOW, event_of, made_up_events, take_in

EVENTS = made_up_events(500)
COUNTED = [event for event in EVENTS if any(True for one in readers().get(event.type, ()) for _ in one.points(event))]
NEWEST = max(entry_of(event).day for event in COUNTED).isoformat()


class Room:
    """The part of a room that answers need."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database = database
        self.clock = EventClock(now)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a snapshot."""
        with self.database.reading() as connection:
            yield connection


class Client:
    """Routes an address to the service's method, as the site does."""

    def __init__(self, database: Database) -> None:
        self.service = ReportingService()
        self.service.room = Room(database, NOW)  # type: ignore[assignment]
        self._map = Map(
            [
                Rule(entrypoint._path, methods=[entrypoint._method], endpoint=name)
                for name in dir(ReportingService)
                for entrypoint in getattr(getattr(ReportingService, name), "nameko_entrypoints", ())
                if isinstance(entrypoint, Http)
            ]
        )

    def get(self, address: str) -> Any:
        """Return what the method returned."""
        parts = urlsplit(address)
        environ = EnvironBuilder(parts.path, query_string=parts.query).get_environ()
        method, values = self._map.bind_to_environ(environ).match()
        return getattr(self.service, method)(Request(environ), **values)

    def json(self, address: str) -> Any:
        """Return a JSON answer, decoded."""
        answer = self.get(address)
        return json.loads(answer.body if isinstance(answer, Reply) else msgspec.json.encode(answer))


@pytest.fixture
def client(database: Database) -> Client:
    """A service with half a year of made-up events and the reports issued of them."""
    take_in(database, EVENTS)
    with database.writing() as connection:
        issue_finished_months(UnitOfWork(connection, "reporting", NOW, NOW))
    return Client(database)


def test_all_reports_with_their_totals(client: Client) -> None:
    """Without dates it is the year so far."""
    answer = client.json("/v1/reports")
    assert (answer["from"], answer["to"]) == ("2025-01-01", NEWEST)
    assert [one["name"] for one in answer["totals"]] == list(indicators())
    lines = list(csv.reader(io.StringIO(client.get("/v1/reports?format=csv").body.decode())))
    assert [line[0] for line in lines[1:]] == list(indicators())
    assert [int(line[3]) for line in lines[1:]] == [one["value"] for one in answer["totals"]]


@pytest.mark.parametrize("by", ["province", "product_group", "kind", "month"])
def test_one_report(client: Client, by: str) -> None:
    """As JSON and as CSV the same rows; asked twice the same bytes."""
    address = f"/v1/reports/verdicts?from=2024-05-05&to=2025-04-20&by={by}"
    answer = client.json(address)
    assert answer["by"] == by
    assert answer["total"]["value"] == sum(row["value"] for row in answer["rows"]) > 0
    table = client.get(f"{address}&format=csv")
    assert table.content_type == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(table.body.decode())))
    assert [line[0] for line in lines] == [by, *(row["key"] for row in answer["rows"]), "total"]
    assert client.get(address).body == client.get(address).body
    assert client.get(f"{address}&format=csv").body == table.body


def test_a_report_can_be_asked_by_the_provinces_of_a_day(client: Client) -> None:
    """The answer says which; a day that the period's facts cannot be told by is refused."""
    address = "/v1/reports/verdicts?from=2025-01-01&to=2025-06-30&by=province"
    assert client.json(address)["provinces_on"] == "2025-06-30"
    assert client.json(f"{address}&provinces_on=2025-07-01")["provinces_on"] == "2025-07-01"
    for wrong in ("to=2025-07-01&provinces_on=2025-06-30", "province=10", "provinces_on=July"):
        with pytest.raises(InvalidInput):
            client.get(f"/v1/reports/verdicts?from=2025-07-01&{wrong}")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"province": "46"},
        {"product_group": "petrol", "by": "month"},
        {"kind": "nonconforming", "by": "province", "provinces_on": "2025-07-01"},
        {"cut_off": "2025-03-31", "by": "province"},
    ],
    ids=str,
)
def test_the_command_takes_the_same_filters_and_prints_the_same_bytes(
    query: dict[str, str], database: Database, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Every filter of the address is an option; what is printed is what HTTP answers, and it is a part of the whole."""
    verdict = VerdictReached.sample()
    others = (
        verdict,
        msgspec.structs.replace(verdict, site=msgspec.structs.replace(verdict.site, province="01")),
        msgspec.structs.replace(verdict, product=Product(group=ProductGroup.TOY, name="Đồ chơi (mẫu)")),
        msgspec.structs.replace(verdict, outcome=Outcome.CONFORMING),
        msgspec.structs.replace(verdict, observed_at=datetime(2025, 5, 5, 3, tzinfo=UTC)),
    )
    take_in(database, [event_of(data, f"{number}") for number, data in enumerate(others)])
    client = Client(database)
    asked = {"from": "2025-01-01", "to": "2025-06-30"} | query
    address = f"/v1/reports/verdicts?{urlencode(asked)}"
    options = [word for name, value in asked.items() for word in (f"--{name.replace('_', '-')}", value)]
    folder = Path(str(database.url.database)).parent
    for form, expected in (
        ("csv", client.get(f"{address}&format=csv").body),
        ("json", msgspec.json.format(client.get(address).body, indent=2) + b"\n"),
    ):
        assert app.run(["report", "verdicts", "--data", str(folder), *options, "--format", form]) == 0
        assert capfdbinary.readouterr().out == expected
    everything = client.json("/v1/reports/verdicts?from=2025-01-01&to=2025-06-30")["total"]["value"]
    total = client.json(address)["total"]["value"]
    assert 0 < total < everything if query else total == everything


def test_a_figure_opens_to_its_events(client: Client) -> None:
    """The same address with /events and the row's key gives events that add up to the row."""
    period = "from=2024-05-05&to=2025-06-20"
    for row in client.json(f"/v1/reports/activities?{period}&by=province")["rows"]:
        value, after = 0, ""
        while after is not None:
            page = client.json(f"/v1/reports/activities/events?{period}&province={row['key']}&limit=7&after={after}")
            value += sum(one["value"] for one in page["events"])
            assert all(one["event"]["type"] == "survey.answered" for one in page["events"])
            after = page["next"]
        assert value == row["value"]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("by", ["province", "product_group", "kind", "month"])
def test_a_report_can_be_read(client: Client, by: str, lang: str) -> None:
    """As a page it shows the same rows, and each leads to a page of the events that add up to it; all links answer."""
    address = f"/v1/reports/verdicts?from=2024-05-05&to=2025-04-20&by={by}"
    report = client.json(address)
    answer = client.get(f"{address}&format=html&lang={lang}")
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert report[lang] in answer.body
    rows = re.findall(r'<tr><th scope="row"><a href="([^"]+)">[^<]+</a></th><td class="number">([\d.,]+)</td>', answer.body)
    shown = [int(re.sub("[.,]", "", value)) for _, value in rows]
    assert sorted(shown[:-1]) == sorted(row["value"] for row in report["rows"])
    assert shown[-1] == report["total"]["value"]
    for (link, _), value in zip(rows, shown, strict=True):
        behind = link.replace("&amp;", "&")
        assert (
            sum(one["value"] for one in client.json(f"{behind}&format=json&limit=1000".replace("format=html&", ""))["events"])
            == value
        )
    for link in re.findall(r'href="(/[^"#]+)"', answer.body):
        assert client.get(link.replace("&amp;", "&"))


def test_the_events_behind_a_figure_can_be_read(client: Client) -> None:
    """Page by page, each event in words with its site and id."""
    address = "/v1/reports/verdicts/events?from=2023-01-01&to=2025-06-20&limit=3"
    page = client.json(address)
    html = client.get(f"{address}&format=html").body
    for one in page["events"]:
        assert one["event"]["id"] in html
        assert one["event"]["data"]["site"]["name"] in html
    assert html.count("<code>") == html.count(term("event_type", "inspection.verdict_reached", "vi")) == len(page["events"]) == 3
    (more,) = re.findall(r'href="([^"]+)">Trang sau<', html)
    following = client.json(f"{address}&after={page['next']}")["events"]
    assert following[0]["event"]["id"] in client.get(more.replace("&amp;", "&")).body


def test_issued_reports(client: Client) -> None:
    """They are listed, and given byte by byte."""
    listed = client.json("/v1/reports/issued")
    assert listed[0]["period_from"] == "2025-05-01"
    assert len(listed) > 12
    document = client.json(f"/v1/reports/issued/monthly/{listed[0]['period_from']}")
    assert (document["report"], document["from"], document["events"]) == ("monthly", "2025-05-01", listed[0]["events"])
    with client.service.room.reading() as connection:
        assert (
            queries.issued_report(connection, "monthly", date(2025, 5, 1))
            == client.get("/v1/reports/issued/monthly/2025-05-01").body
        )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_link_of_the_overview_to_this_service_answers(client: Client, lang: str) -> None:
    """A figure's link gives the events of that figure; no link leads nowhere."""
    page = client.get(f"/?lang={lang}")
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    links = {link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', page.body)}
    own = {link for link in links if link.startswith(("/v1/reports", "/?", "/static"))}
    assert len(own) > 60
    for link in own:
        assert client.get(link)
    assert {"/v1/feed.json", "/metrics", "/openapi.json", "/asyncapi.json"} <= links


def test_the_style_is_served(client: Client) -> None:
    """The page's only style is a file of the same address."""
    style = client.get("/static/console.css")
    assert style.content_type.startswith("text/css")
    assert b".headlines" in style.body
    assert client.get("/favicon.ico").content_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("/v1/reports/nothing", NotFound),
        ("/v1/reports/nothing/events", NotFound),
        ("/v1/reports/verdicts?form=csv", InvalidInput),
        ("/v1/reports/verdicts?format=pdf", InvalidInput),
        ("/v1/reports/verdicts/events?format=csv", InvalidInput),
        ("/v1/reports/verdicts?from=2025-03-01&to=2025-02-01", InvalidInput),
        ("/v1/reports/verdicts/events?after=x", InvalidInput),
        ("/v1/reports/issued/monthly/2031-01-01", NotFound),
        ("/v1/reports/issued/monthly/march", InvalidInput),
        ("/?lang=fr", InvalidInput),
    ],
)
def test_wrong_requests(client: Client, address: str, error: type[Exception]) -> None:
    """Each is refused for what is wrong with it."""
    with pytest.raises(error):
        client.get(address)
