"""The rows behind deliveries: which are due, who works on them, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from services.notification.contacts import Contacts
from services.notification.model import DELIVERED, FAILED, WAITING, Letter, Notice, Recipient, Wording
from services.notification.queries import issued_event_of
from services.notification.tables import deliveries, gone_addresses, notices
from shared.contracts.notification import NoticeDelivered, NoticeFailed
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_new, upsert
from shared.kernel.clock import HANOI

_SETTLED = ("state", "attempts", "next_attempt_at", "lease_until", "answer", "settled_at")
_NOBODY = Recipient(id="", name={}, locale="vi", channels={})


class Claimed(NamedTuple):
    """A leased delivery: its row as it stands now, its notice's row, and the letter.

    ``obstacle`` tells why it cannot be sent at all, empty when it can.
    """

    row: dict[str, Any]
    notice: Mapping[str, Any]
    letter: Letter
    obstacle: str


class Outcome(NamedTuple):
    """What came of one attempt; ``next_attempt_at`` is set when it waits for another one."""

    claimed: Claimed
    state: str
    answer: str
    next_attempt_at: datetime | None = None
    address_gone: bool = False


def is_any_due(database: Database, channel: str, now: datetime) -> bool:
    """Tell whether something waits to be sent by ``channel`` and nobody is at it."""
    [found] = database.ask(sa.select(sa.exists().where(_is_due(channel, now))))
    return bool(found[0])


def claim(
    connection: sa.Connection, contacts: Contacts, channel: str, *, now: datetime, lease: timedelta, limit: int
) -> list[Claimed]:
    """Lease up to ``limit`` due deliveries. The attempt counts from here, so that a crash while sending is an attempt.

    Two copies that look at once get different rows: on PostgreSQL the second waits for the first one's row locks and
    looks again, SQLite has one writer.
    """
    candidates = (
        sa.select(deliveries.c.delivery_id)
        .where(_is_due(channel, now))
        .order_by(deliveries.c.next_attempt_at, deliveries.c.notice_id)
        .limit(limit)
    )
    wanted = connection.scalars(candidates).all()
    # Every lock on deliveries is taken in order of their ids, so that no two copies can wait for each other.
    locked = (
        sa.select(deliveries)
        .where(deliveries.c.delivery_id.in_(wanted), _is_due(channel, now))
        .order_by(deliveries.c.delivery_id)
        .with_for_update()
    )
    rows = [dict(row) for row in connection.execute(locked).mappings()]
    connection.execute(
        deliveries.update()
        .where(deliveries.c.delivery_id.in_([row["delivery_id"] for row in rows]))
        .values(attempts=deliveries.c.attempts + 1, fence=deliveries.c.fence + 1, lease_until=now + lease)
    )
    for row in rows:
        row |= {"attempts": row["attempts"] + 1, "fence": row["fence"] + 1, "lease_until": now + lease}
    rows.sort(key=lambda row: (row["next_attempt_at"], row["notice_id"]))  # what belongs together is sent together
    issued = _notices(connection, {row["notice_id"] for row in rows})
    gone = _gone(connection, channel) if rows else {}
    written = {key: _notice(row) for key, row in issued.items()}
    return [_claimed(row, issued[row["notice_id"]], written[row["notice_id"]], contacts, gone) for row in rows]


def settle(uow: UnitOfWork, claimed: Sequence[Claimed], outcomes: Sequence[Outcome], now: datetime) -> list[Outcome]:
    """Store and announce the outcomes, free what was not tried, and return the outcomes that were still ours to store.

    It may be called again when its commit was not heard of: what is settled has no lease any more.
    """
    fences = (
        sa.select(deliveries.c.delivery_id, deliveries.c.fence)
        .where(deliveries.c.delivery_id.in_([one.row["delivery_id"] for one in claimed]), deliveries.c.lease_until.is_not(None))
        .order_by(deliveries.c.delivery_id)
        .with_for_update()
    )
    held = {(row.delivery_id, row.fence) for row in uow.connection.execute(fences)}
    mine = [one for one in outcomes if (one.claimed.row["delivery_id"], one.claimed.row["fence"]) in held]
    tried = {one.claimed.row["delivery_id"] for one in outcomes}
    free = [
        one.row | {"attempts": one.row["attempts"] - 1, "lease_until": None}
        for one in claimed
        if one.row["delivery_id"] not in tried and (one.row["delivery_id"], one.row["fence"]) in held
    ]
    upsert(uow.connection, deliveries, [*(_settled(one, now) for one in mine), *free], replace=_SETTLED)
    insert_new(uow.connection, gone_addresses, [_gone_row(one, now) for one in mine if one.address_gone])
    for one in mine:
        _announce(uow, one)
    return mine


def forget_leases(connection: sa.Connection) -> None:
    """Free every leased delivery; its attempt still counts."""
    leased = deliveries.c.lease_until.is_not(None)
    connection.execute(deliveries.update().where(deliveries.c.state == WAITING, leased).values(lease_until=None))


def _is_due(channel: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        deliveries.c.channel == channel,
        deliveries.c.state == sa.literal_column(f"'{WAITING}'"),  # spelt out, or SQLite would not see that the index fits
        deliveries.c.next_attempt_at <= now,
        sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now),
    )


def _notices(connection: sa.Connection, wanted: set[str]) -> dict[str, Mapping[str, Any]]:
    rows = connection.execute(sa.select(notices).where(notices.c.notice_id.in_(wanted))).mappings()
    return {row["notice_id"]: dict(row) for row in rows}


def _notice(row: Mapping[str, Any]) -> Notice:
    return Notice(
        notice_id=row["notice_id"],
        kind=row["kind"],
        about=row["about"],
        province=row["province"],
        product_group=row["product_group"],
        issued_at=row["issued_at"],
        wording=Wording(title_vi=row["title_vi"], text_vi=row["text_vi"], title_en=row["title_en"], text_en=row["text_en"]),
    )


def _claimed(
    row: dict[str, Any], issued: Mapping[str, Any], notice: Notice, contacts: Contacts, gone: Mapping[tuple[str, str], str]
) -> Claimed:
    recipient = contacts.find(row["recipient"], notice.issued_at.astimezone(HANOI).date()) or _NOBODY
    address = recipient.channels.get(row["channel"])
    if address is None:
        obstacle = f"the contacts give {row['recipient']} no address for {row['channel']}"
    else:
        obstacle = gone.get((row["recipient"], _digest(address)), "")
    return Claimed(row, issued, Letter(row["delivery_id"], notice, recipient), obstacle)


def _settled(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return outcome.claimed.row | {
        "state": outcome.state,
        "next_attempt_at": outcome.next_attempt_at or outcome.claimed.row["next_attempt_at"],
        "lease_until": None,
        "answer": outcome.answer,
        "settled_at": None if outcome.state == WAITING else now,
    }


def _announce(uow: UnitOfWork, outcome: Outcome) -> None:
    row, issued = outcome.claimed.row, issued_event_of(outcome.claimed.notice)
    facts = {
        "observed_at": max(uow.now, issued.data.observed_at),
        "notice_id": row["notice_id"],
        "notice_kind": issued.data.notice_kind,
        "about_province": issued.data.about_province,
        "delivery_id": row["delivery_id"],
        "recipient": row["recipient"],
        "channel": row["channel"],
    }
    if outcome.state == DELIVERED:
        uow.emit(NoticeDelivered(receipt=outcome.answer, **facts), cause=issued, key=row["delivery_id"])
    elif outcome.state == FAILED:
        failed = NoticeFailed(attempts=row["attempts"], reason=outcome.answer, **facts)
        uow.emit(failed, cause=issued, key=row["delivery_id"])


def _gone(connection: sa.Connection, channel: str) -> dict[tuple[str, str], str]:
    """Return why addresses must not be used any more, by recipient and digest."""
    rows = connection.execute(sa.select(gone_addresses).where(gone_addresses.c.channel == channel))
    return {(row.recipient, row.address): f"not sent: the address answered {row.answer} before" for row in rows}


def _gone_row(outcome: Outcome, now: datetime) -> dict[str, Any]:
    row, recipient = outcome.claimed.row, outcome.claimed.letter.recipient
    return {
        "channel": row["channel"],
        "recipient": row["recipient"],
        "address": _digest(recipient.channels[row["channel"]]),
        "since": now,
        "answer": outcome.answer,
    }


def _digest(address: Mapping[str, str]) -> str:
    return sha256(msgspec.json.encode(address, order="sorted")).hexdigest()
