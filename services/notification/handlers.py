"""What the notification service does with events and requests: issue notices, and take acknowledgements.

Nothing is sent here: a notice leaves as rows that ``dispatch`` delivers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from services.notification import queries
from services.notification.desk import Desk
from services.notification.model import WAITING, Decision, Recipient, delivery_id, feed_item_id, notice_id
from services.notification.tables import acknowledgements, deliveries, feed_items, notices
from services.notification.writing import Written
from shared.contracts.envelope import Event
from shared.contracts.notification import NoticeAcknowledged, NoticeIssued
from shared.contracts.vocabulary import Identifier
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_all, insert_new, sent_ahead
from shared.kernel.clock import HANOI
from shared.kernel.errors import InvalidInput, Permanent


class Acknowledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recipient confirms having read a notice; ``recipient`` is their role, as the notice shows it."""

    recipient: Identifier


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """A notice that is due; ``issued_at`` is its legal time."""

    notice_id: str
    kind: str
    decision: Decision
    recipients: tuple[Recipient, ...]
    written: Written
    issued_at: datetime
    cause: Event[Any]


def react(events: Sequence[Event[Any]], uow: UnitOfWork, desk: Desk) -> None:
    """Issue the notices that ``events`` call for, each once, however often it is called for."""
    due: dict[str, tuple[str, Decision, Event[Any]]] = {}
    for kind, decision, event in _decisions(events, desk):
        due.setdefault(notice_id(kind, event, decision.about), (kind, decision, event))
    if not due:
        return
    issued = set(uow.connection.scalars(sa.select(notices.c.notice_id).where(notices.c.notice_id.in_(due))))
    _save([_draft(one, *due[one], uow, desk) for one in due if one not in issued], uow, desk)


def acknowledge(wanted: str, body: Acknowledge, uow: UnitOfWork) -> None:
    """Store that a recipient has read a notice; a repetition changes nothing."""
    notice = queries.notice(uow.connection, wanted)
    recipients = sorted({delivery.recipient for delivery in notice.deliveries})
    if body.recipient not in recipients:
        raise InvalidInput(f"this notice went to {', '.join(recipients)}", "/recipient")
    issued = queries.issued_event(uow.connection, wanted)
    read_at = max(uow.now, issued.data.observed_at)
    row = {"notice_id": wanted, "recipient": body.recipient, "acknowledged_at": read_at}
    if insert_new(uow.connection, acknowledgements, [row]):
        read = NoticeAcknowledged(
            observed_at=read_at,
            notice_id=wanted,
            notice_kind=notice.kind,
            about_province=notice.province,
            recipient=body.recipient,
        )
        uow.emit(read, cause=issued, key=body.recipient)


def _decisions(events: Iterable[Event[Any]], desk: Desk) -> Iterator[tuple[str, Decision, Event[Any]]]:
    for event in events:
        for rule in desk.rules.get(event.type, ()):
            decision = rule.decide(event.data)
            if decision is not None and (decision.until is None or event.time <= decision.until):
                yield rule.kind, decision, event


def _draft(wanted: str, kind: str, decision: Decision, cause: Event[Any], uow: UnitOfWork, desk: Desk) -> _Draft:
    issued_at = uow.acted_at(cause)
    day = issued_at.astimezone(HANOI).date()
    return _Draft(
        notice_id=wanted,
        kind=kind,
        decision=decision,
        recipients=tuple(_recipients(decision, day, desk)),
        written=desk.writer.write(kind, decision, day),
        issued_at=issued_at,
        cause=cause,
    )


def _recipients(decision: Decision, day: date, desk: Desk) -> Iterator[Recipient]:
    for role in dict.fromkeys(decision.recipients):
        recipient = desk.contacts.find(role, day)
        if recipient is None:
            raise Permanent(f"the contacts name nobody as {role}")
        yield recipient


def _save(drafts: Sequence[_Draft], uow: UnitOfWork, desk: Desk) -> None:
    created_at = desk.wall()
    with sent_ahead(uow.connection):
        insert_all(uow.connection, notices, [_notice_row(draft, uow) for draft in drafts])
        insert_all(uow.connection, deliveries, [row for draft in drafts for row in _delivery_rows(draft, created_at)])
        insert_all(uow.connection, feed_items, [row for draft in drafts for row in _feed_rows(draft)])


def _notice_row(draft: _Draft, uow: UnitOfWork) -> dict[str, Any]:
    decision, wording = draft.decision, draft.written.wording
    event = uow.emit(
        NoticeIssued(
            observed_at=draft.issued_at,
            notice_id=draft.notice_id,
            notice_kind=draft.kind,
            about_province=decision.province,
            title=wording.title_vi,
            about=decision.about,
            recipients=len(draft.recipients),
            title_en=wording.title_en,
        ),
        cause=draft.cause,
        key=draft.notice_id,
    )
    return {
        "notice_id": draft.notice_id,
        "kind": draft.kind,
        "about": decision.about,
        "province": decision.province,
        "product_group": str(decision.product_group),
        "issued_at": draft.issued_at,
        "recipients": len(draft.recipients),
        **asdict(wording),
        "event_id": event.id,
        "correlation_id": event.correlationid,
        "traceparent": event.traceparent,
    }


def _delivery_rows(draft: _Draft, created_at: datetime) -> Iterator[dict[str, Any]]:
    for recipient in draft.recipients:
        for channel in recipient.channels:
            yield {
                "delivery_id": delivery_id(draft.notice_id, recipient.id, channel),
                "notice_id": draft.notice_id,
                "recipient": recipient.id,
                "channel": channel,
                "issued_at": draft.issued_at,
                "state": WAITING,
                "attempts": 0,
                "created_at": created_at,
                "next_attempt_at": created_at,
                "lease_until": None,
                "fence": 0,
                "answer": "",
                "settled_at": None,
            }


def _feed_rows(draft: _Draft) -> Iterator[dict[str, Any]]:
    if draft.written.public is not None:
        yield {
            "item_id": feed_item_id(draft.notice_id),
            "published_at": draft.issued_at,
            "kind": draft.kind,
            "province": draft.decision.province,
            "product_group": str(draft.decision.product_group),
            **asdict(draft.written.public),
        }
