"""Use cases of planning: load, decide, save, emit; each table is read once and written once for a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.planning.handlers import clocks, progress, proposals, targets
from shared.contracts.envelope import Event
from shared.database.unit_of_work import UnitOfWork


def react(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Let a batch of events run the clocks, raise the risk and advance the plans."""
    clocks.follow(events, uow)
    proposals.weigh(events, uow)
    targets.remember(events, uow)
    progress.advance(events, uow)
