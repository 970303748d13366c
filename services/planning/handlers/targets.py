"""What could be visited: each site's products, the days on which they were looked at, and what was found or signalled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from services.planning.model.risk import COMPLAINT, CONFIRMED_MATCH, product_id, sites_of
from services.planning.model.targeting import FOUND, VISITED
from services.planning.tables import target_days, targets
from shared.contracts.envelope import Event
from shared.contracts.inspection import MatchConfirmed, VerdictReached, ViolationDetected
from shared.contracts.partners import ComplaintReceived
from shared.contracts.vocabulary import Outcome, Product, Site
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert
from shared.kernel.deadlines import local_day

Key = tuple[str, str, date, str]

# Of what is told of one moment either may stand, but always the same.
_IN_TIME = ("told_at", "site", "product")
_IS_LATER = "({}) >= ({})".format(*(", ".join(f"{side}.{name}" for name in _IN_TIME) for side in ("excluded", "targets")))
_THE_LATEST = {
    name: f"CASE WHEN {_IS_LATER} THEN excluded.{name} ELSE targets.{name} END"
    for name in ("told_at", "province", "product_group", "site", "product")
}


def remember(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Add up what a batch tells of sites' products; sums and the latest of what is told of them, so that order plays no part."""
    days: Counter[Key] = Counter()
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        for site, key in _told(event):
            days[key] += 1
            row = _row(site, event.data, key)
            rows[key[:2]] = max(row, rows.get(key[:2], row), key=lambda one: [one[name] for name in _IN_TIME])
    upsert(uow.connection, targets, list(rows.values()), merge=_THE_LATEST)
    added = [dict(zip(("site_id", "product_id", "day", "kind"), key, strict=True), times=times) for key, times in days.items()]
    upsert(uow.connection, target_days, added, add=("times",))


def _told(event: Event[Any]) -> Iterator[tuple[Site, Key]]:
    data = event.data
    if not isinstance(data, VerdictReached | ViolationDetected | ComplaintReceived | MatchConfirmed):
        return
    kinds = _kinds(data)
    for site in sites_of(data):
        about = (site.id, product_id(data.product), local_day(data.observed_at))
        for kind in kinds:
            yield site, (*about, kind)


def _kinds(data: VerdictReached | ViolationDetected | ComplaintReceived | MatchConfirmed) -> tuple[str, ...]:
    if isinstance(data, VerdictReached):
        return (VISITED, FOUND) if data.outcome is Outcome.NONCONFORMING else (VISITED,)
    if isinstance(data, ViolationDetected):
        return (str(data.violation_kind),)
    return (COMPLAINT if isinstance(data, ComplaintReceived) else CONFIRMED_MATCH,)


def _row(site: Site, told: VerdictReached | ViolationDetected | ComplaintReceived | MatchConfirmed, key: Key) -> dict[str, Any]:
    product: Product = told.product
    return {
        "site_id": key[0],
        "product_id": key[1],
        "told_at": told.observed_at,
        "province": site.province,
        "product_group": str(product.group),
        "site": msgspec.json.encode(site).decode(),
        "product": msgspec.json.encode(product).decode(),
    }
