"""Findings, and what rules say of them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import msgspec

from services.inspection.sampling import SamplingPlan
from shared.contracts.envelope import Event
from shared.contracts.inspection import RuleReference, ViolationKind
from shared.contracts.vocabulary import Breach, Outcome, Product, Setting, Site
from shared.kernel.ids import derived_id

# What an ``Identifier`` of the published language may look like; an event's own id may be longer.
_PUBLISHABLE = re.compile(r"\S(.{0,118}\S)?")

# A case is about one product at one site: site id, product key.
CaseKey = tuple[str, str]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule, in the version that was valid on the legal day, says of one finding.

    ``breached`` and ``kept`` are the parameters it found so, ``WHOLE`` where the rule judges as a whole; ``plan`` is the
    sampling plan by which a sample spoke for its lot. These follow from the finding and are not stored.
    """

    rule: RuleReference
    violation_kind: ViolationKind
    outcome: Outcome
    breaches: list[Breach] = []
    breached: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    plan: SamplingPlan | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """An event that at least one rule could judge: what was found, about which product, at which site.

    ``key`` is the event's identity here, ``id`` the one others know it by. ``item`` is the single instrument that was
    looked at, empty for goods.
    """

    key: str
    id: str
    observed_at: datetime
    site: Site
    product: Product
    item: str
    setting: Setting
    case_key: CaseKey

    @classmethod
    def of(cls, event: Event[Any]) -> Finding:
        """Read a finding out of ``event``, whose data names a product and a site (for imports: the importer)."""
        data = event.data
        site, product = getattr(data, "site", None) or data.importer, data.product
        return cls(
            key=event.key,
            id=event.id if _PUBLISHABLE.fullmatch(event.id) else event.key,
            observed_at=data.observed_at,
            site=site,
            product=product,
            item=getattr(data, "instrument_id", ""),
            setting=getattr(data, "setting", Setting.MARKET),
            case_key=(site.id, product.key),
        )


def violation_id_of(finding: Finding, verdict: Verdict) -> str:
    """Return the id of the violation that ``verdict`` found."""
    return derived_id("violation", finding.key, verdict.rule.name)
