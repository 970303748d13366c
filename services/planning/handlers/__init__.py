"""Use cases of planning: load, decide, save, emit; each table is read once and written once for a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.planning.handlers import clocks, drafts, progress, proposals, targets, tasks, work
from services.planning.handlers.locks import stand_beside
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork


def react(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Let a batch of events move drafts, record work, run the clocks, give tasks, raise the risk and advance the plans."""
    stand_beside(uow.connection)
    announced = drafts.follow(events, uow)
    recorded = work.record(events, uow)
    clocks.follow([*events, *announced.handed_over], uow)
    tasks.take_up(events, uow)
    proposals.weigh(events, uow)
    targets.remember(events, uow)
    progress.advance([*events, *announced.moved, *recorded], uow)
