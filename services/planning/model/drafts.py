"""Drafts of standards and regulations: what is known of one, the stages it has reached, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec

from shared.contracts.envelope import check_year
from shared.contracts.partners import DraftCount, DraftKind, DraftStage
from shared.contracts.planning import NotNotified
from shared.contracts.vocabulary import Identifier, LongText, ProvinceCode, Text, check_province

# Two stages reported for one moment stand in the order in which they follow each other.
_ORDER = {stage: number for number, stage in enumerate(DraftStage)}


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A stage that a draft reached ``at`` a time; ``by`` whom where somebody said so here, ``number`` the paper's."""

    stage: DraftStage
    at: datetime
    urgent: bool = False
    number: str = ""
    by: str = ""
    in_force_on: date | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a draft; ``unit`` drafts it, and ``count`` is how many standards or regulations it holds.

    ``affects_trade`` and ``follows_international`` are absent as long as nobody has assessed them.
    """

    draft_id: str
    kind: DraftKind
    title: str
    unit: str
    unit_province: str = ""
    urgent: bool = False
    count: int = 1
    affects_trade: bool | None = None
    follows_international: bool | None = None


class NewDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft taken into the pipeline; the same ``draft_id`` again corrects what is known of it."""

    draft_id: Identifier
    kind: DraftKind
    title: Text
    unit: Identifier
    unit_province: ProvinceCode = ""
    urgent: bool = False
    count: DraftCount = 1
    affects_trade: bool | None = None
    follows_international: bool | None = None

    def __post_init__(self) -> None:
        if self.unit_province:
            check_province(self.unit_province)


class Advance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Says that a draft reached a stage, by whom, with which paper, and when what was issued takes effect."""

    stage: DraftStage
    by: Text
    number: Annotated[str, msgspec.Meta(max_length=300)] = ""
    in_force_on: date | None = None

    def __post_init__(self) -> None:
        if self.in_force_on is not None:
            check_year("in_force_on", self.in_force_on)


class RulingOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Says that a draft handed over to the TBT office needs no notification to the WTO, ``by`` whom and why."""

    reason: NotNotified
    by: Text
    note: LongText = ""


def in_order(steps: Iterable[Reached]) -> list[Reached]:
    """Return stages in the order in which they were reached, whatever the order in which they became known."""
    return sorted(steps, key=lambda step: (step.at, _ORDER[step.stage]))


def latest(steps: Sequence[Reached], *stages: DraftStage) -> Reached | None:
    """Return the last of ``steps``, or the last of some ``stages``, nothing where there is none."""
    return next((step for step in reversed(steps) if not stages or step.stage in stages), None)


def corrected(known: Draft | None, told: Draft) -> Draft:
    """Return what is known of a draft after it was told of again: an assessment that is not told is not forgotten."""
    if known is None:
        return told
    return msgspec.structs.replace(
        told,
        affects_trade=known.affects_trade if told.affects_trade is None else told.affects_trade,
        follows_international=(known.follows_international if told.follows_international is None else told.follows_international),
    )
