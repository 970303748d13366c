"""Choosing a month's visits: what is known before the month makes the expected harm; capacity and chance do the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import chain, groupby
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from services.planning.handlers.locks import stand_in_line
from services.planning.model.risk import Chosen, Signals
from services.planning.model.targeting import FOUND, VISITED, Candidate, Choice, SelectionOrder
from services.planning.rules.a_tenth_of_the_visits_is_drawn_at_random import choose
from services.planning.rules.expected_harm_orders_visits import SIGNALS, reasons, weigh
from services.planning.rules.risk_fades_with_time import REMEMBERED
from services.planning.rules.violation_proposes_one_inspection_a_year import MONTHS_APART, may_propose
from services.planning.rules.violation_rate_shrinks_to_its_group import Tally, group_rate
from services.planning.tables import product_signals, proposals, target_days, targets
from shared.contracts.planning import InspectionProposed
from shared.contracts.vocabulary import Product, Site
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import insert_all
from shared.kernel.clock import HANOI
from shared.kernel.deadlines import add_months
from shared.kernel.ids import derived_id
from shared.kernel.provinces import parts_of, province_on, provinces_on

_HUNDREDTHS = Decimal("0.01")
_read_site = msgspec.json.Decoder(Site).decode
_read_product = msgspec.json.Decoder(Product).decode


class Selected(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an order: how many visits were ``chosen`` now, ``at_random`` among them.

    ``standing`` are the provinces whose visits of that month had been chosen before: those stay as they are.
    """

    month: str
    chosen: int
    at_random: int
    standing: list[str]


class _Known(NamedTuple):
    """What is known of the whole country before the month."""

    tallies: Mapping[tuple[str, str], Tally]
    elsewhere: Mapping[str, Signals]
    proposed: Mapping[tuple[str, str], list[date]]


def select(order: SelectionOrder, uow: UnitOfWork) -> Selected:
    """Choose the visits of a month, once for each province.

    Only what is known of the days before the month is looked at. A site's product that was visited or proposed less than
    12 months apart is left out.
    """
    connection = uow.connection
    stand_in_line(connection, "choose visits")
    chosen_before = sa.select(proposals.c.province).where(proposals.c.month == order.day).distinct()
    standing = sorted(connection.scalars(chosen_before))
    in_force = provinces_on(order.day)
    wanted = [province for province in sorted(in_force) if order.capacity_of(province) and province not in standing]
    known = _Known(_tallies(connection, order.day), _elsewhere(connection, order.day), _proposed(connection, order.day))
    made = [
        (choice, province)
        for province in wanted
        for choice in choose(_candidates(connection, province, order.day, known), province, order)
    ]
    insert_all(connection, proposals, [_propose(choice, province, order, uow) for choice, province in made])
    return Selected(month=order.month, chosen=len(made), at_random=sum(choice.at_random for choice, _ in made), standing=standing)


def _propose(choice: Choice, province: str, order: SelectionOrder, uow: UnitOfWork) -> dict[str, Any]:
    one, why = choice.candidate, reasons(choice)
    proposal_id = derived_id("selection", order.month, *one.key)
    score = Decimal(one.rate).quantize(_HUNDREDTHS)
    proposed_at = max(uow.now, datetime.combine(order.day, time.min, tzinfo=HANOI).astimezone(UTC))
    uow.emit(
        InspectionProposed(
            observed_at=proposed_at,
            proposal_id=proposal_id,
            site=one.site,
            product=one.product,
            score=score,
            reasons=why,
            not_after=order.not_after,
        ),
        key=proposal_id,
    )
    return {
        "proposal_id": proposal_id,
        "site_id": one.site.id,
        "product_id": one.product_id,
        "province": province,
        "day": order.day,
        "proposed_at": proposed_at,
        "not_after": order.not_after,
        "score": score,
        "site": msgspec.json.encode(one.site).decode(),
        "product": msgspec.json.encode(one.product).decode(),
        "reasons": msgspec.json.encode(why).decode(),
        "chosen_by": Chosen.RANDOM if choice.at_random else Chosen.EXPECTED_HARM,
        "month": order.day,
        "rank": choice.rank,
        "expected_harm": Decimal(one.expected_harm).quantize(_HUNDREDTHS),
    }


# ---------------------------------------------------------------------------------------------------------------------


def _tallies(connection: sa.Connection, before: date) -> Mapping[tuple[str, str], Tally]:
    """Return the visits of each product group in each province; those of a group under "", of all under two of them."""
    days = sa.case((target_days.c.kind == VISITED, 1), else_=0), sa.case((target_days.c.kind == FOUND, 1), else_=0)
    of_target = sa.and_(target_days.c.site_id == targets.c.site_id, target_days.c.product_id == targets.c.product_id)
    found = (
        sa.select(targets.c.province, targets.c.product_group, *map(sa.func.sum, days))
        .join(targets, of_target)
        .where(target_days.c.day < before)
        .group_by(targets.c.province, targets.c.product_group)
    )
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for said, group, visits, hits in connection.execute(found):
        for key in ((province_on(said, before), group), ("", group), ("", "")):
            tallies[key] = tallies[key].plus(Tally(int(visits), int(hits)))
    return tallies


def _elsewhere(connection: sa.Connection, before: date) -> Mapping[str, Signals]:
    """Return what was signalled of each product in the whole country."""
    found: dict[str, Signals] = defaultdict(Counter)
    recent = sa.select(product_signals).where(product_signals.c.month.between(before - REMEMBERED, before - date.resolution))
    for row in connection.execute(recent):
        found[row.product_id][row.kind, row.month] = row.times
    return found


def _proposed(connection: sa.Connection, day: date) -> Mapping[tuple[str, str], list[date]]:
    """Return the days of the proposals that may still lie too close to ``day``."""
    found: dict[tuple[str, str], list[date]] = defaultdict(list)
    columns = sa.select(proposals.c.site_id, proposals.c.product_id, proposals.c.day)
    for row in connection.execute(columns.where(proposals.c.day > add_months(day, -MONTHS_APART))):
        found[row.site_id, row.product_id].append(row.day)
    return found


def _candidates(connection: sa.Connection, province: str, day: date, known: _Known) -> Iterator[Candidate]:
    """Yield what may be visited in a province, one at a time: it may have a hundred thousand."""
    of_target = sa.and_(target_days.c.site_id == targets.c.site_id, target_days.c.product_id == targets.c.product_id)
    found = (
        sa.select(targets, target_days.c.day, target_days.c.kind, target_days.c.times)
        .join(target_days, of_target)
        .where(targets.c.province == sa.bindparam("said"), target_days.c.day < day)
        .order_by(targets.c.site_id, targets.c.product_id)
        .execution_options(yield_per=1000)
    )
    # One code after the other, not all at once: so each comes in the order of its index.
    rows = chain.from_iterable(connection.execute(found, {"said": code}) for code in parts_of(province, day))
    for key, group in groupby(rows, key=lambda row: (row.site_id, row.product_id)):
        days = list(group)
        visits = [row.day for row in days if row.kind == VISITED]
        if not may_propose(day, [*visits, *known.proposed.get(key, [])]):
            continue
        one = days[0]
        groups = (("", ""), ("", one.product_group), (province, one.product_group))
        yield weigh(
            _read_site(one.site),
            _read_product(one.product),
            one.product_id,
            Tally(len(visits), sum(row.kind == FOUND for row in days)),
            group_rate(*(known.tallies.get(name, Tally()) for name in groups)),
            Counter({(row.kind, row.day): row.times for row in days if row.kind in SIGNALS and row.day >= day - REMEMBERED}),
            known.elsewhere.get(one.product_id, Counter()),
            day,
        )
