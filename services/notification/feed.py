"""The public feed as JSON Feed 1.1 and as Atom (RFC 4287), from rows that name a site only where that was lawfully decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from xml.etree import ElementTree as ET

import msgspec
from werkzeug.wrappers import Request

from services.notification.queries import FeedItem, FeedPage
from shared.web.reply import Reply

_TITLE = "Cảnh báo chất lượng và đo lường – Quality and measurement warnings"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Writes a page for readers who got it at ``address``.
Form = Callable[[FeedPage, str], bytes]


def reply(request: Request, page: FeedPage, public_url: str, form: Form, content_type: str) -> Reply:
    """Return the page in ``form``, or 304 when the reader has these very bytes."""
    body = form(page, f"{public_url.rstrip('/')}{request.path}")
    etag = sha256(body).hexdigest()[:32]
    headers = {
        "ETag": f'"{etag}"',
        "Last-Modified": format_datetime(_updated(page), usegmt=True),
        "Cache-Control": "public, max-age=60",
    }
    if request.if_none_match.contains_weak(etag):
        return Reply(b"", status=304, content_type=content_type, headers=headers)
    return Reply(body, content_type=content_type, headers=headers)


def json_feed(page: FeedPage, address: str) -> bytes:
    """Return the page as JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _TITLE,
        "language": "vi",
        "feed_url": address,
        **({"next_url": _next(page, address)} if page.after else {}),
        "items": [
            {
                "id": f"urn:uuid:{item.item_id}",
                "title": item.title_vi,
                "content_text": _both(item),
                "date_published": item.published_at.isoformat(),
                "tags": _tags(item),
                "_chuan": {
                    "kind": item.kind,
                    "province": item.province,
                    "product_group": item.product_group,
                    "title_en": item.title_en,
                },
            }
            for item in page.items
        ],
    }
    return msgspec.json.encode(document)


def atom(page: FeedPage, address: str) -> bytes:
    """Return the page as an Atom feed."""
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "vi"})
    _add(feed, "id", address)
    _add(feed, "title", _TITLE)
    _add(feed, "updated", _updated(page).isoformat())
    _add(_add(feed, "author"), "name", "Chuẩn")
    _add(feed, "link", rel="self", href=address)
    if page.after:
        _add(feed, "link", rel="next", href=_next(page, address))
    for item in page.items:
        entry = _add(feed, "entry")
        _add(entry, "id", f"urn:uuid:{item.item_id}")
        _add(entry, "title", item.title_vi)
        _add(entry, "published", item.published_at.isoformat())
        _add(entry, "updated", item.published_at.isoformat())
        for tag in _tags(item):
            _add(entry, "category", term=tag)
        _add(entry, "content", _both(item), type="text")
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, name, attributes)
    child.text = text
    return child


def _both(item: FeedItem) -> str:
    return f"{item.text_vi}\n\n{item.title_en}\n\n{item.text_en}"


def _tags(item: FeedItem) -> list[str]:
    return [tag for tag in (item.kind, item.product_group, item.province) if tag]


def _updated(page: FeedPage) -> datetime:
    return max((item.published_at for item in page.items), default=_EPOCH)


def _next(page: FeedPage, address: str) -> str:
    return f"{address}?limit={len(page.items)}&after={page.after}"
