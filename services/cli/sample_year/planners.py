"""What planners do in the sample year: at the beginning of each month they choose its visits by expected harm."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from services.planning.handlers.selections import select
from services.planning.model.targeting import Capacity, SelectionOrder
from shared.database.upsert import upsert
from shared.kernel.deadlines import local_day
from shared.messaging.tables import timer_slots
from shared.room import Room

_TIMER = "sample planners"
_VISITS = 2  # that each province can make in a month beside those that its violations call for


def choose(room: Room, moment: datetime, year: int) -> None:
    """Choose the visits of the month of ``moment`` if it is one of ``year``, once, however often it is asked for."""
    day = local_day(moment).replace(day=1)
    if day.year != year:
        return
    with room.transaction() as uow:
        done = uow.connection.scalar(sa.select(timer_slots.c.slot).where(timer_slots.c.timer == _TIMER)) or 0
        if done >= day.toordinal():
            return
        upsert(uow.connection, timer_slots, [{"timer": _TIMER, "slot": day.toordinal()}], replace=["slot"])
        select(SelectionOrder(month=f"{day:%Y-%m}", capacity=Capacity(otherwise=_VISITS)), uow)
