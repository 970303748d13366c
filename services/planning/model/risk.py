"""Signals that raise the risk of a site and of a product, and the inspections they ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from shared.contracts.envelope import Data, Event
from shared.contracts.inspection import ActTaken, MatchConfirmed, ViolationDetected
from shared.contracts.partners import AlertPublished, ComplaintReceived
from shared.contracts.vocabulary import Product, RiskLevel, Site
from shared.kernel.deadlines import local_day
from shared.kernel.ids import derived_id

# Names of signals that are no violation. Stored: never rename a value.
COMPLAINT = "complaint"
FOREIGN_ALERT = "foreign_alert"
CONFIRMED_MATCH = "confirmed_match"  # an officer found an alert or a complaint to be about this product, or this site
# A case whose level of risk a second officer confirmed signals that level, beside the violations it is about.
VALIDATED: Mapping[str, RiskLevel] = {f"validated_{level}": level for level in RiskLevel if level is not RiskLevel.NOT_STATED}
_GRAVITY = (RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH, RiskLevel.SERIOUS)


class Chosen(StrEnum):
    """What led to a proposal. Stored: never rename a value."""

    VIOLATION = "violation"
    EXPECTED_HARM = "expected_harm"
    RANDOM = "random"


# How often something was signalled: (kind, first day of the period) -> times. Sums, so that order plays no part.
Signals = Counter[tuple[str, date]]


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that went wrong: its kind, its legal day, and where it happened, if it has a place; few have several."""

    kind: str
    day: date
    product: Product
    product_id: str
    sites: tuple[Site, ...]

    @property
    def month(self) -> date:
        """The first day of its month: the grain in which a product's signals are kept."""
        return self.day.replace(day=1)


def signal_of(event: Event[Any]) -> Signal | None:
    """Return the signal an event gives, or nothing."""
    kind = _kind(event.data)
    if kind is None:
        return None
    data = event.data
    return Signal(
        kind=kind,
        day=local_day(data.observed_at),
        product=data.product,
        product_id=product_id(data.product),
        sites=sites_of(data),
    )


def sites_of(data: Data) -> tuple[Site, ...]:
    """Return where something happened."""
    if isinstance(data, MatchConfirmed):
        return tuple(data.sites)
    site: Site | None = getattr(data, "site", None)
    return () if site is None else (site,)


def product_id(product: Product) -> str:
    """Return a short id of what findings about one product share; a brand may be too long for an index."""
    return derived_id("product", product.key)


class ValidatedLevel(NamedTuple):
    """The level of risk that was confirmed for a case, and when; a later one replaces it from its day on."""

    case_id: str
    validated_at: datetime
    level: RiskLevel
    day: date
    site_id: str
    product_id: str


def validated_level_of(event: Event[Any]) -> ValidatedLevel | None:
    """Return the level that an event tells was confirmed, or nothing."""
    data = event.data
    if not isinstance(data, ActTaken) or data.act != "validate_risk" or data.risk_level is RiskLevel.NOT_STATED:
        return None
    about = (data.site.id, product_id(data.product))
    return ValidatedLevel(data.case_id, data.observed_at, data.risk_level, local_day(data.observed_at), *about)


def standing_levels(levels: Iterable[ValidatedLevel], before: date) -> Signals:
    """Return the signals of the levels that stood at the beginning of a day, one for each case.

    Of levels that were confirmed at one moment the gravest stands, so that the order they are told in plays no part.
    """
    told = sorted((one for one in levels if one.day < before), key=lambda one: (one.validated_at, _GRAVITY.index(one.level)))
    last = {one.case_id: one for one in told}
    return Counter((f"validated_{one.level}", one.day) for one in last.values())


def _kind(data: Data) -> str | None:
    if isinstance(data, ViolationDetected):
        return str(data.violation_kind)
    if isinstance(data, ComplaintReceived):
        return COMPLAINT
    if isinstance(data, MatchConfirmed):
        return CONFIRMED_MATCH
    return FOREIGN_ALERT if isinstance(data, AlertPublished) else None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A targeted inspection that risk asks for; ``day`` is the legal day of the violation that led to it."""

    proposal_id: str
    site: Site
    product: Product
    day: date
    proposed_at: datetime
    not_after: date
    score: Decimal
    reasons: list[str]
