"""Risk: every signal raises that of its site and product, and a violation proposes an inspection."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from services.planning.model.risk import Chosen, Proposal, Signal, Signals, product_id, signal_of
from services.planning.rules.risk_fades_with_time import REMEMBERED
from services.planning.rules.violation_proposes_one_inspection_a_year import may_propose, proposal_for
from services.planning.tables import product_signals, proposals, site_signals
from shared.contracts.envelope import Event
from shared.contracts.inspection import ViolationDetected
from shared.contracts.planning import InspectionProposed
from shared.contracts.vocabulary import Site
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_all, upsert

Noted = Sequence[tuple[Event[Any], Signal]]
Pair = tuple[str, str]


class _Memory(NamedTuple):
    """What is known before the batch, of the sites and products that may get a proposal."""

    proposed: dict[Pair, list[date]]
    sites: dict[str, Signals]
    products: dict[str, Signals]

    def note(self, signal: Signal) -> None:
        for site in signal.sites:
            if site.id in self.sites:
                self.sites[site.id][signal.kind, signal.day] += 1
        if signal.product_id in self.products:
            self.products[signal.product_id][signal.kind, signal.month] += 1


def weigh(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Note the signals of a batch and propose the inspections they ask for, event by event in order of arrival."""
    noted = [(event, signal) for event in events if (signal := signal_of(event)) is not None]
    if not noted:
        return
    memory = _memory(uow.connection, noted)
    made = [proposal for event, signal in noted if (proposal := _step(event, signal, memory, uow)) is not None]
    insert_all(uow.connection, proposals, [_row(one) for one in made])
    _add_up(uow.connection, [signal for _, signal in noted])


def _step(event: Event[Any], signal: Signal, memory: _Memory, uow: UnitOfWork) -> Proposal | None:
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
    proposal = proposal_for(signal, site, memory.sites[site.id], memory.products[signal.product_id], uow.acted_at(event))
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
    violations = [(site.id, signal) for event, signal in noted if event.type == ViolationDetected.type for site in signal.sites]
    proposed = _proposed(connection, {site_id for site_id, _ in violations})
    asking = [(site, one) for site, one in violations if may_propose(one.day, proposed[site, one.product_id])]
    since = min((one.month for _, one in asking), default=date.max) - REMEMBERED
    return _Memory(
        proposed,
        _signals(connection, site_signals.c.site_id, site_signals.c.day, {site for site, _ in asking}, since),
        _signals(connection, product_signals.c.product_id, product_signals.c.month, {one.product_id for _, one in asking}, since),
    )


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
