"""A directive whose time was over before it was published goes back by itself, so that its sender sets another."""

from __future__ import annotations

from datetime import datetime

from shared.contracts.partners import DirectiveReceived
from shared.contracts.planning import ReturnReason


def reason_to_return(directive: DirectiveReceived, published_at: datetime) -> ReturnReason | None:
    """Return why a directive goes back at once, or nothing; that it is for somebody else is for a person to see."""
    if directive.due_at is not None and directive.due_at < max(published_at, directive.observed_at):
        return ReturnReason.ARRIVED_LATE
    return None
