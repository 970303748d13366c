"""What can happen in a case, and the chain that a case's acts form: nobody can change one without breaking the next.

The names of acts (the ``tag`` of each class) and of their fields are stored and hashed: never rename one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TypeAlias

import msgspec

from shared.contracts.inspection import CloseReason, ViolationKind
from shared.contracts.vocabulary import LongText, Measure, Product, Site, Track


class Deed(msgspec.Struct, frozen=True, kw_only=True, tag_field="act", omit_defaults=True, forbid_unknown_fields=True):
    """What was done; the tag is the act's name."""

    @property
    def name(self) -> str:
        return str(self.__struct_config__.tag)


class OpenCase(Deed, frozen=True, kw_only=True, tag="open_case"):
    """The system opens a case on a violation."""

    violation_id: str
    violation_kind: ViolationKind
    site: Site
    product: Product


class JoinViolation(Deed, frozen=True, kw_only=True, tag="join_violation"):
    """The system makes a violation part of the case.

    ``conformed_at`` is the latest conforming verdict known of the same matter.
    """

    violation_id: str
    kind: ViolationKind
    item: str
    violated_at: datetime
    conformed_at: datetime | None = None


class AcceptConformity(Deed, frozen=True, kw_only=True, tag="accept_conformity"):
    """The system lets a conforming verdict count for a matter of the case."""

    kind: ViolationKind
    item: str
    conformed_at: datetime


class OrderMeasure(Deed, frozen=True, kw_only=True, tag="order_measure"):
    """A measure is ordered; ``source`` is the article that empowers it, ``until`` the day by which it must be carried out."""

    measure: Measure
    source: LongText = ""
    until: date | None = None
    note: LongText = ""


class CloseCase(Deed, frozen=True, kw_only=True, tag="close_case"):
    """The case is closed."""

    reason: CloseReason
    note: LongText = ""


AnyDeed: TypeAlias = OpenCase | JoinViolation | AcceptConformity | OrderMeasure | CloseCase


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
