"""The public feed: valid in both formats, bounded, cacheable, and without a site."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from services.notification import feed, handlers, queries
from services.notification.desk import Desk
from services.notification.queries import FeedPage, FeedQuery
from shared.contracts.inspection import ViolationDetected
from shared.contracts.partners import AlertPublished
from shared.kernel.clock import EventClock
from shared.kernel.errors import InvalidInput
from shared.kernel.wellformed import read_query
from shared.room import Room
from shared.web.reply import Reply
from tests.unit.notification.made_up import MORNING, event_of

_ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def stored(room: Room, desk: Desk, clock: EventClock) -> Room:
    """Give a room with five warnings and an alert, a day apart."""
    sample = ViolationDetected.sample()
    events = [event_of(msgspec.structs.replace(sample, violation_id=f"SAMPLE-VIOLATION-{one}"), one) for one in range(5)]
    for day, event in enumerate([*events, event_of(AlertPublished.sample(), 9)]):
        clock.advance_to(MORNING + timedelta(days=day))
        with room.transaction() as uow:
            handlers.react([event], uow, desk)
    return room


def page(room: Room, **arguments: str) -> FeedPage:
    """Return a page of the feed."""
    with room.reading() as connection:
        return queries.list_feed(connection, read_query(arguments, FeedQuery))


def answer(room: Room, form: feed.Form = feed.json_feed, headers: dict[str, str] | None = None, **arguments: Any) -> Reply:
    """Return the answer to a request."""
    request = Request(EnvironBuilder(path="/v1/feed.json", headers=Headers(headers or {})).get_environ())
    return feed.reply(request, page(room, **arguments), "https://chuan.example.invalid/", form, "application/feed+json")


def document(reply: Reply) -> Any:
    """Return a JSON answer."""
    return json.loads(reply.body)


def test_json_feed_has_what_its_version_asks_for(stored: Room) -> None:
    """JSON Feed 1.1: version, title, items with an id and a content; ours are Vietnamese first, newest first."""
    found = document(answer(stored))
    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert found["feed_url"] == "https://chuan.example.invalid/v1/feed.json"
    assert "next_url" not in found
    assert [item["id"] for item in found["items"]] == [f"urn:uuid:{item.item_id}" for item in page(stored).items]
    times = [item["date_published"] for item in found["items"]]
    assert times == sorted(times, reverse=True)
    newest, second, *_ = found["items"]
    assert newest["title"].startswith("Cảnh báo từ nước ngoài")
    assert second["content_text"].index("Vi phạm: chất lượng xăng dầu") < second["content_text"].index("Violation: fuel quality")
    assert second["tags"] == ["violation_warning", "petrol", "46"]


def test_atom_has_what_its_standard_asks_for(stored: Room) -> None:
    """RFC 4287: feed and entries with id, title and updated; an author; a content."""
    root = ET.fromstring(answer(stored, feed.atom).body)  # noqa: S314 - our own bytes
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for name in ("a:id", "a:title", "a:updated", "a:author/a:name"):
        assert root.findtext(name, namespaces=_ATOM)
    entries = root.findall("a:entry", _ATOM)
    assert [entry.findtext("a:id", namespaces=_ATOM) for entry in entries] == [
        f"urn:uuid:{item.item_id}" for item in page(stored).items
    ]
    for entry in entries:
        assert entry.findtext("a:title", namespaces=_ATOM)
        assert entry.findtext("a:updated", namespaces=_ATOM)
        assert "Cảnh báo" in (entry.findtext("a:title", namespaces=_ATOM) or "")
        assert entry.find("a:content", _ATOM) is not None


@pytest.mark.parametrize("form", [feed.json_feed, feed.atom])
def test_the_feed_tells_neither_the_site_nor_the_way_to_its_notice(stored: Room, form: feed.Form) -> None:
    """Law 04/2011 Art. 47(2)(d): names stay secret before the conclusion; an item's id is not the notice's."""
    body = answer(stored, form).body
    assert isinstance(body, bytes)
    site = ViolationDetected.sample().site
    assert site.name not in body.decode()
    assert site.id not in body.decode()
    with stored.reading() as connection:
        notices = queries.list_notices(connection, queries.NoticeQuery()).notices
    assert len(notices) == 6
    for notice in notices:
        assert notice.notice_id not in body.decode()


def test_a_reader_with_the_newest_gets_nothing_again(stored: Room, desk: Desk) -> None:
    """The ETag holds until something is published."""
    first = answer(stored)
    again = answer(stored, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Last-Modified"] == "Wed, 19 Mar 2025 01:00:00 GMT"
    new = msgspec.structs.replace(ViolationDetected.sample(), violation_id="SAMPLE-VIOLATION-NEW")
    with stored.transaction() as uow:
        handlers.react([event_of(new, 20)], uow, desk)
    assert answer(stored, headers={"If-None-Match": first.headers["ETag"]}).status == 200


def test_pages_lead_to_one_another(stored: Room) -> None:
    """All items once, by the links that the feed itself gives."""
    found: list[str] = []
    arguments: dict[str, Any] = {"limit": "4"}
    while True:
        part = document(answer(stored, **arguments))
        found += [item["id"] for item in part["items"]]
        if "next_url" not in part:
            break
        arguments = dict(pair.split("=") for pair in part["next_url"].partition("?")[2].split("&"))
    assert found == [f"urn:uuid:{item.item_id}" for item in page(stored).items]


def test_an_empty_feed_is_a_feed(room: Room) -> None:
    """Before the first warning too."""
    assert document(answer(room))["items"] == []
    assert ET.fromstring(answer(room, feed.atom).body).findtext("a:updated", namespaces=_ATOM)  # noqa: S314 - our own bytes


@pytest.mark.parametrize("arguments", [{"limit": "1000"}, {"after": "nothing"}, {"since": "2025"}])
def test_wrong_arguments_are_refused(stored: Room, arguments: dict[str, str]) -> None:
    """Bounded and strict."""
    with pytest.raises(InvalidInput):
        page(stored, **arguments)
