"""What can be read of the notification service: notices with their deliveries, and the items of the public feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
import sqlalchemy as sa

from services.notification.tables import acknowledgements, deliveries, feed_items, notices
from shared.contracts.envelope import Event
from shared.contracts.notification import NoticeIssued
from shared.kernel.errors import InvalidInput, NotFound
from shared.kernel.provinces import parts_of

_Limit = Annotated[int, msgspec.Meta(ge=1, le=200)]


class NoticeQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which notices are asked for: ``state`` is that of any of their deliveries, ``after`` the last one of the page before."""

    kind: str = ""
    province: str = ""
    state: Literal["", "waiting", "delivered", "failed"] = ""
    limit: _Limit = 50
    after: str = ""


class FeedQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of the feed is asked for; ``after`` is the id of the last item of the page before."""

    limit: _Limit = 50
    after: str = ""


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in a list."""

    notice_id: str
    kind: str
    about: str
    province: str
    product_group: str
    issued_at: datetime
    recipients: int
    title_vi: str
    title_en: str


class NoticePage(msgspec.Struct, frozen=True, kw_only=True):
    """Notices, the latest first; ``after`` asks for the next page and is empty on the last one."""

    notices: list[NoticeLine]
    after: str


class DeliveryLine(msgspec.Struct, frozen=True, kw_only=True):
    """How far a notice has come to one recipient by one channel; ``answer`` is the receipt, or why it failed last."""

    delivery_id: str
    recipient: str
    channel: str
    state: str
    attempts: int
    next_attempt_at: datetime
    answer: str
    settled_at: datetime | None


class AcknowledgementLine(msgspec.Struct, frozen=True, kw_only=True):
    """Who has confirmed having read a notice, and when."""

    recipient: str
    acknowledged_at: datetime


class NoticeFile(NoticeLine, frozen=True, kw_only=True):
    """A notice as its recipients got it, with what became of it. The text may name a site: for authorities only."""

    text_vi: str
    text_en: str
    deliveries: list[DeliveryLine]
    acknowledgements: list[AcknowledgementLine]


class FeedItem(msgspec.Struct, frozen=True, kw_only=True):
    """What everyone may read of a notice."""

    item_id: str
    published_at: datetime
    kind: str
    province: str
    product_group: str
    title_vi: str
    text_vi: str
    title_en: str
    text_en: str


class FeedPage(msgspec.Struct, frozen=True, kw_only=True):
    """Items of the feed, the latest first; ``after`` asks for the next page and is empty on the last one."""

    items: list[FeedItem]
    after: str


def list_notices(connection: sa.Connection, query: NoticeQuery) -> NoticePage:
    """Return one page of notices; raise ``InvalidInput`` when ``after`` is no notice."""
    wanted = sa.select(*(notices.c[name] for name in NoticeLine.__struct_fields__))
    if query.kind:
        wanted = wanted.where(notices.c.kind == query.kind)
    if query.province:
        wanted = wanted.where(notices.c.province.in_(parts_of(query.province)))
    if query.state:
        wanted = wanted.where(sa.exists().where(deliveries.c.notice_id == notices.c.notice_id, deliveries.c.state == query.state))
    rows, after = _page(connection, wanted, notices.c.issued_at, notices.c.notice_id, query)
    return NoticePage(notices=[NoticeLine(**row) for row in rows], after=after)


def list_feed(connection: sa.Connection, query: FeedQuery) -> FeedPage:
    """Return one page of the feed; raise ``InvalidInput`` when ``after`` is no item."""
    wanted = sa.select(*(feed_items.c[name] for name in FeedItem.__struct_fields__))
    rows, after = _page(connection, wanted, feed_items.c.published_at, feed_items.c.item_id, query)
    return FeedPage(items=[FeedItem(**row) for row in rows], after=after)


def notice(connection: sa.Connection, notice_id: str) -> NoticeFile:
    """Return one notice; raise ``NotFound``."""
    row = _notice_row(connection, notice_id)
    return NoticeFile(
        **{name: row[name] for name in (*NoticeLine.__struct_fields__, "text_vi", "text_en")},
        deliveries=_parts(connection, deliveries, DeliveryLine, notice_id),
        acknowledgements=_parts(connection, acknowledgements, AcknowledgementLine, notice_id),
    )


def issued_event(connection: sa.Connection, notice_id: str) -> Event[NoticeIssued]:
    """Return the event that announced a notice, for what happens to it later to follow from; raise ``NotFound``."""
    return issued_event_of(_notice_row(connection, notice_id))


def issued_event_of(row: Mapping[str, Any]) -> Event[NoticeIssued]:
    """Return the event that announced the notice in ``row``."""
    data = NoticeIssued(
        observed_at=row["issued_at"],
        notice_id=row["notice_id"],
        notice_kind=row["kind"],
        about_province=row["province"],
        title=row["title_vi"],
        about=row["about"],
        recipients=row["recipients"],
        title_en=row["title_en"],
    )
    return Event(
        id=row["event_id"],
        source="/chuan/notification",
        type=data.type,
        subject=data.order_key(),
        time=row["issued_at"],
        data=data,
        correlationid=row["correlation_id"],
        traceparent=row["traceparent"],
    )


def _notice_row(connection: sa.Connection, notice_id: str) -> Mapping[str, Any]:
    row = connection.execute(sa.select(notices).where(notices.c.notice_id == notice_id)).mappings().first()
    if row is None:
        raise NotFound(f"there is no notice {notice_id!r}")
    return dict(row)


def _parts(connection: sa.Connection, table: sa.Table, kind: type[Any], notice_id: str) -> list[Any]:
    columns = [table.c[name] for name in kind.__struct_fields__]
    rows = connection.execute(sa.select(*columns).where(table.c.notice_id == notice_id).order_by(*columns[1:3], columns[0]))
    return [kind(**row) for row in rows.mappings()]


def _page(
    connection: sa.Connection,
    wanted: sa.Select[Any],
    moment: sa.Column[datetime],
    key: sa.Column[str],
    query: NoticeQuery | FeedQuery,
) -> tuple[list[dict[str, Any]], str]:
    """Return the newest rows after ``query.after``, and the key that asks for more, empty when there are none."""
    if query.after:
        last = connection.execute(sa.select(moment).where(key == query.after)).first()
        if last is None:
            raise InvalidInput(f"after: there is no {query.after!r}")
        wanted = wanted.where(sa.tuple_(moment, key) < sa.tuple_(sa.literal(last[0], moment.type), query.after))
    found = connection.execute(wanted.order_by(moment.desc(), key.desc()).limit(query.limit + 1)).mappings()
    rows = [dict(row) for row in found]
    return rows[: query.limit], str(rows[query.limit - 1][key.name]) if len(rows) > query.limit else ""
