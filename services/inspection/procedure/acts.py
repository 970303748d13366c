"""The acts of a case, and the chain they form: nobody can change one without breaking the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from services.inspection.procedure.deeds import AnyDeed
from shared.contracts.vocabulary import Track


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """The ``number``-th thing that happened in a case, in order of recording.

    ``acted_at`` is legal time, ``recorded_at`` when we learnt of it; ``officer`` is empty where the system acted by itself.
    ``data`` is the deed as it is stored. ``hash`` covers it and all else, with ``previous``, the hash of the act before
    (empty for the first).
    """

    case_id: str
    number: int
    track: Track
    acted_at: datetime
    recorded_at: datetime
    officer: str
    deed: AnyDeed
    data: str
    previous: str
    hash: str


class ChainBroken(Exception):
    """A recorded act is not the one that was recorded; ``number`` is the first one that differs."""

    def __init__(self, case_id: str, number: int) -> None:
        super().__init__(f"act {number} of case {case_id} was altered, removed or moved after it had been recorded")
        self.number = number


def chained(
    previous: str,
    *,
    case_id: str,
    number: int,
    track: Track,
    acted_at: datetime,
    recorded_at: datetime,
    officer: str,
    deed: AnyDeed,
) -> Act:
    """Return the act that follows the one with the hash ``previous``."""
    data = msgspec.json.encode(deed).decode()
    act = Act(
        case_id=case_id,
        number=number,
        track=track,
        acted_at=acted_at.astimezone(UTC),
        recorded_at=recorded_at.astimezone(UTC),
        officer=officer,
        deed=deed,
        data=data,
        previous=previous,
        hash="",
    )
    return msgspec.structs.replace(act, hash=digest(act))


def digest(act: Act) -> str:
    """Return the SHA-256 of everything but the hash: one JSON array, times in UTC, the deed as the very text that is stored."""
    content = (
        act.case_id,
        act.number,
        act.track,
        act.acted_at,
        act.recorded_at,
        act.officer,
        act.data,
        act.previous,
    )
    return sha256(msgspec.json.encode(content)).hexdigest()


def check_chain(acts: Iterable[Act]) -> None:
    """Raise ``ChainBroken`` unless ``acts`` are a case's acts from the first one on, each as it was recorded."""
    previous = ""
    for number, act in enumerate(acts, start=1):
        if (act.number, act.previous, act.hash) != (number, previous, digest(act)):
            raise ChainBroken(act.case_id, number)
        previous = act.hash
