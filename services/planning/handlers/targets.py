"""What could be visited: each site's products, the days on which they were looked at, and what was found or signalled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from services.planning.model.risk import COMPLAINT, product_id
from services.planning.model.targeting import FOUND, VISITED
from services.planning.tables import target_days, targets
from shared.contracts.envelope import Event
from shared.contracts.inspection import VerdictReached, ViolationDetected
from shared.contracts.partners import ComplaintReceived
from shared.contracts.vocabulary import Outcome
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert
from shared.kernel.deadlines import local_day

Key = tuple[str, str, date, str]


def remember(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Add up what a batch tells of sites' products; sums, so that order plays no part."""
    days: Counter[Key] = Counter()
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        for key in _told(event):
            days[key] += 1
            rows[key[:2]] = _row(event.data, key)
    upsert(uow.connection, targets, list(rows.values()), replace=("province", "product_group", "site", "product"))
    added = [dict(zip(("site_id", "product_id", "day", "kind"), key, strict=True), times=times) for key, times in days.items()]
    upsert(uow.connection, target_days, added, add=("times",))


def _told(event: Event[Any]) -> Iterator[Key]:
    data = event.data
    if getattr(data, "site", None) is None or not isinstance(data, VerdictReached | ViolationDetected | ComplaintReceived):
        return
    about = (data.site.id, product_id(data.product), local_day(data.observed_at))
    if isinstance(data, VerdictReached):
        yield *about, VISITED
        if data.outcome is Outcome.NONCONFORMING:
            yield *about, FOUND
    else:
        yield *about, COMPLAINT if isinstance(data, ComplaintReceived) else str(data.violation_kind)


def _row(data: Any, key: Key) -> dict[str, Any]:
    return {
        "site_id": key[0],
        "product_id": key[1],
        "province": data.site.province,
        "product_group": str(data.product.group),
        "site": msgspec.json.encode(data.site).decode(),
        "product": msgspec.json.encode(data.product).decode(),
    }
