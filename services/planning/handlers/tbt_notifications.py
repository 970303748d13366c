"""Notifications of drafts to the WTO: the TBT office determines that one is not needed."""

from __future__ import annotations

import sqlalchemy as sa

from services.planning.handlers import clocks
from services.planning.handlers.draft_files import files_of
from services.planning.handlers.locks import stand_beside
from services.planning.model.drafts import RulingOut
from services.planning.rules.draft_that_may_hinder_trade_is_notified import ruled_out_by
from services.planning.tables import notifications_ruled_out
from shared.contracts.planning import TbtNotificationRuledOut
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_all
from shared.kernel.errors import Conflict, NotFound


def rule_out(draft_id: str, ruling: RulingOut, uow: UnitOfWork) -> bool:
    """Record that a draft handed over to the TBT office needs no notification; tell whether that is new.

    Raises ``Conflict`` for a draft that was not handed over, was notified already, or was ruled out for another reason.
    """
    stand_beside(uow.connection)
    file = files_of(uow.connection, [draft_id])[draft_id]
    if file.draft is None:
        raise NotFound(f"no draft {draft_id!r}")
    if file.handed_over_at is None:
        raise Conflict(f"{draft_id!r} was not handed over to the TBT office: no notification of it is due")
    ruled_out = sa.select(notifications_ruled_out.c.reason).where(notifications_ruled_out.c.draft_id == draft_id)
    known = uow.connection.scalar(ruled_out)
    if known is not None:
        if known != ruling.reason:
            raise Conflict(f"the notification of {draft_id!r} was ruled out already, because of {known}")
        return False
    if file.circulated:
        raise Conflict(f"{draft_id!r} was notified to the WTO already; an addendum to the notification tells what has changed")
    source = ruled_out_by(file.draft.kind, ruling.reason)
    event = TbtNotificationRuledOut(
        observed_at=uow.now,
        draft_id=draft_id,
        draft_kind=file.draft.kind,
        title=file.draft.title,
        unit=file.draft.unit,
        unit_province=file.draft.unit_province,
        urgent=file.draft.urgent,
        reason=ruling.reason,
        by=ruling.by,
        source=source,
        note=ruling.note,
    )
    row = {"draft_id": draft_id, "ruled_out_at": uow.now, "officer": ruling.by, "note": ruling.note, "source": source}
    insert_all(uow.connection, notifications_ruled_out, [{**row, "reason": str(ruling.reason)}])
    clocks.follow([uow.emit(event, key=draft_id)], uow)
    return True
