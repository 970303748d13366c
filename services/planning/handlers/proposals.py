"""Risk: every signal raises that of its site and product, and a violation proposes an inspection."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from services.planning.model.risk import (
    Chosen,
    Proposal,
    Signal,
    Signals,
    ValidatedLevel,
    product_id,
    signal_of,
    standing_levels,
    validated_level_of,
)
from services.planning.rules.risk_fades_with_time import REMEMBERED
from services.planning.rules.violation_proposes_one_inspection_a_year import may_propose, proposal_for
from services.planning.tables import product_signals, proposals, site_signals, validated_levels
from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationDetected
from shared.contracts.planning import InspectionProposed
from shared.contracts.vocabulary import RiskLevel, Site
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_all, upsert

Noted = Sequence[tuple[Event[Any], Signal | ValidatedLevel]]
Pair = tuple[str, str]


class _Memory(NamedTuple):
    """What is known before the batch, of the sites and products that may get a proposal."""

    proposed: dict[Pair, list[date]]
    sites: dict[str, Signals]
    products: dict[str, Signals]
    site_levels: dict[str, list[ValidatedLevel]]
    product_levels: dict[str, list[ValidatedLevel]]

    def note(self, signal: Signal) -> None:
        for site in signal.sites:
            if site.id in self.sites:
                self.sites[site.id][signal.kind, signal.day] += 1
        if signal.product_id in self.products:
            self.products[signal.product_id][signal.kind, signal.month] += 1

    def note_level(self, level: ValidatedLevel) -> None:
        self.site_levels[level.site_id].append(level)
        self.product_levels[level.product_id].append(level)

    def of_site(self, site_id: str, before: date) -> Signals:
        return self.sites[site_id] + standing_levels(self.site_levels[site_id], before)

    def of_product(self, product: str, before: date) -> Signals:
        return self.products[product] + standing_levels(self.product_levels[product], before)


def weigh(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Note the signals of a batch and propose the inspections they ask for, event by event in order of arrival."""
    noted = [(event, one) for event in events if (one := signal_of(event) or validated_level_of(event)) is not None]
    if not noted:
        return
    memory = _memory(uow.connection, noted)
    made = [proposal for event, one in noted if (proposal := _step(event, one, memory, uow)) is not None]
    insert_all(uow.connection, proposals, [_row(one) for one in made])
    _add_up(uow.connection, [one for _, one in noted if isinstance(one, Signal)])
    levels = {one[:3]: one for _, one in noted if isinstance(one, ValidatedLevel)}
    upsert(uow.connection, validated_levels, [one._asdict() for one in levels.values()])


def _step(event: Event[Any], signal: Signal | ValidatedLevel, memory: _Memory, uow: UnitOfWork) -> Proposal | None:
    if isinstance(signal, ValidatedLevel):
        memory.note_level(signal)
        return None
    proposal = None
    if event.type == ViolationDetected.type:
        (site,) = signal.sites
        days = memory.proposed[site.id, signal.product_id]
        if may_propose(signal.day, days):
            proposal = _propose(event, signal, site, memory, uow)
            days.append(signal.day)
    memory.note(signal)
    return proposal


def _propose(event: Event[Any], signal: Signal, site: Site, memory: _Memory, uow: UnitOfWork) -> Proposal:
    of_site, of_product = memory.of_site(site.id, signal.day), memory.of_product(signal.product_id, signal.month)
    proposal = proposal_for(signal, site, of_site, of_product, uow.acted_at(event))
    uow.emit(
        InspectionProposed(
            observed_at=proposal.proposed_at,
            proposal_id=proposal.proposal_id,
            site=proposal.site,
            product=proposal.product,
            score=proposal.score,
            reasons=proposal.reasons,
            not_after=proposal.not_after,
        ),
        cause=event,
    )
    return proposal


# ---------------------------------------------------------------------------------------------------------------------


def _memory(connection: sa.Connection, noted: Noted) -> _Memory:
    found = [one for event, one in noted if event.type == ViolationDetected.type and isinstance(one, Signal)]
    violations = [(site.id, one) for one in found for site in one.sites]
    proposed = _proposed(connection, {site_id for site_id, _ in violations})
    asking = [(site, one) for site, one in violations if may_propose(one.day, proposed[site, one.product_id])]
    since = min((one.month for _, one in asking), default=date.max) - REMEMBERED
    sites, products = {site for site, _ in asking}, {one.product_id for _, one in asking}
    memory = _Memory(
        proposed,
        _signals(connection, site_signals.c.site_id, site_signals.c.day, sites, since),
        _signals(connection, product_signals.c.product_id, product_signals.c.month, products, since),
        defaultdict(list),
        defaultdict(list),
    )
    if asking:
        about = validated_levels.c.site_id.in_(sites) | validated_levels.c.product_id.in_(products)
        for level in levels_where(connection, about, validated_levels.c.day >= since):
            memory.note_level(level)
    return memory


def _proposed(connection: sa.Connection, site_ids: Collection[str]) -> dict[Pair, list[date]]:
    found: dict[Pair, list[date]] = defaultdict(list)
    if site_ids:
        columns = sa.select(proposals.c.site_id, proposals.c.product_id, proposals.c.day)
        for row in connection.execute(columns.where(proposals.c.site_id.in_(site_ids))):
            found[row.site_id, row.product_id].append(row.day)
    return found


def _signals(
    connection: sa.Connection, subject: sa.Column[str], when: sa.Column[date], wanted: Collection[str], since: date
) -> dict[str, Signals]:
    found: dict[str, Signals] = {one: Counter() for one in wanted}
    if wanted:
        columns = sa.select(subject, subject.table.c.kind, when, subject.table.c.times)
        for key, kind, day, times in connection.execute(columns.where(subject.in_(wanted), when >= since)):
            found[key][kind, day] = times
    return found


def levels_where(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> Iterator[ValidatedLevel]:
    """Yield the confirmed levels that meet the conditions."""
    for row in connection.execute(sa.select(validated_levels).where(*conditions)).mappings():
        yield ValidatedLevel(**{**row, "level": RiskLevel(row["level"])})


def _add_up(connection: sa.Connection, signals: Sequence[Signal]) -> None:
    at_sites = Counter((site.id, one.day, one.kind) for one in signals for site in one.sites)
    sites = {site.id: site for one in signals for site in one.sites}
    site_rows = [
        {"site_id": site, "day": day, "kind": kind, "province": sites[site].province, "name": sites[site].name, "times": times}
        for (site, day, kind), times in at_sites.items()
    ]
    upsert(connection, site_signals, site_rows, add=("times",), replace=("province", "name"))
    of_products = Counter((one.product_id, one.month, one.kind) for one in signals)
    product_rows = [
        {"product_id": key, "month": month, "kind": kind, "times": times} for (key, month, kind), times in of_products.items()
    ]
    upsert(connection, product_signals, product_rows, add=("times",))


def _row(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal_id": proposal.proposal_id,
        "site_id": proposal.site.id,
        "product_id": product_id(proposal.product),
        "province": proposal.site.province,
        "day": proposal.day,
        "proposed_at": proposal.proposed_at,
        "not_after": proposal.not_after,
        "score": proposal.score,
        "site": msgspec.json.encode(proposal.site).decode(),
        "product": msgspec.json.encode(proposal.product).decode(),
        "reasons": msgspec.json.encode(proposal.reasons).decode(),
        "chosen_by": Chosen.VIOLATION,
        "month": None,
        "rank": None,
        "expected_harm": None,
    }
