"""The read side of planning."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from services.planning.handlers.clocks import subject_of
from services.planning.handlers.proposals import levels_where
from services.planning.model.clocks import ClockState
from services.planning.model.risk import Chosen, ValidatedLevel, standing_levels
from services.planning.model.targeting import FOUND, VISITED
from services.planning.rules import duty_in_words
from services.planning.rules.risk_fades_with_time import REMEMBERED, load, score
from services.planning.rules.violation_proposes_one_inspection_a_year import MONTHS_APART, by_kind
from services.planning.rules.violation_rate_shrinks_to_its_group import Tally, wilson
from services.planning.tables import (
    clocks,
    plan_items,
    plans,
    progress,
    proposals,
    site_signals,
    subjects,
    target_days,
    validated_levels,
)
from shared.kernel.deadlines import add_months
from shared.kernel.provinces import parts_of

Row = dict[str, Any]

_HIDDEN = ("subject_id", "warned", "announced", "next_at")


def plans_in_force(connection: sa.Connection, year: int | None = None) -> list[Row]:
    """Return the plans with how many of their items are reached, of one ``year`` or all."""
    reached = sa.func.sum(sa.case((sa.func.coalesce(progress.c.done, 0) >= plan_items.c.target, 1), else_=0))
    of_item = sa.and_(progress.c.plan_id == plan_items.c.plan_id, progress.c.item_id == plan_items.c.item_id)
    columns = (plans.c.plan_id, plans.c.title, plans.c.unit, plans.c.unit_province, plans.c.year, plans.c.revision)
    found = (
        sa.select(*columns, sa.func.count().label("items"), reached.label("items_reached"))
        .join(plan_items, plan_items.c.plan_id == plans.c.plan_id)
        .outerjoin(progress, of_item)
        .group_by(*columns)
        .order_by(plans.c.year.desc(), plans.c.plan_id)
    )
    if year is not None:
        found = found.where(plans.c.year == year)
    return [dict(row) for row in connection.execute(found).mappings()]


def clocks_due(connection: sa.Connection, *, state: ClockState | None = None, limit: int = 100) -> list[Row]:
    """Return statutory clocks, the earliest due first, each with its duty in words."""
    found = (
        sa.select(clocks, subjects)
        .join(subjects, subjects.c.subject_id == clocks.c.subject_id)
        .order_by(clocks.c.due_at.nulls_last(), clocks.c.clock_id)
        .limit(limit)
    )
    if state is not None:
        found = found.where(clocks.c.state == str(state))
    return [shown_clock(row) for row in connection.execute(found)]


def shown_clock(row: Any) -> Row:
    """Return a row of ``clocks`` with its subject as readers see it, the duty in words."""
    vi, en = duty_in_words(row.duty, row.source)
    subject = subject_of(row)
    shown = {column.name: getattr(row, column.name) for column in clocks.columns if column.name not in _HIDDEN}
    named = {"subject": subject.name, "subject_kind": subject.kind, "title": subject.title, "unit": subject.unit}
    return {**shown, **named, "vi": vi, "en": en, "site": subject.site, "product": subject.product}


def clock_counts(connection: sa.Connection) -> dict[str, int]:
    """Return how many clocks are in each state; ``met_recorded_late`` and ``over_on_arrival`` are counted apart."""
    found = connection.execute(sa.select(clocks.c.state, sa.func.count()).group_by(clocks.c.state))
    counts = {str(state): 0 for state in ClockState}
    return counts | {str(state): int(number) for state, number in found}


def proposed(connection: sa.Connection, *, province: str = "", month: date | None = None, limit: int = 100) -> list[Row]:
    """Return proposed inspections, the latest first; those chosen for a ``month`` by province and rank."""
    found = sa.select(proposals).limit(limit)
    if month is None:
        found = found.order_by(proposals.c.proposed_at.desc(), proposals.c.proposal_id)
    else:
        found = found.where(proposals.c.month == month).order_by(proposals.c.province, proposals.c.rank)
    if province:
        found = found.where(proposals.c.province.in_(parts_of(province)))
    return [
        {
            "proposal_id": row.proposal_id,
            "proposed_at": row.proposed_at,
            "not_after": row.not_after,
            "score": row.score,
            "site": _json(row.site),
            "product": _json(row.product),
            "reasons": _json(row.reasons),
            "chosen_by": row.chosen_by,
            "month": f"{row.month:%Y-%m}" if row.month else None,
            "rank": row.rank,
            "expected_harm": row.expected_harm,
            "at_random": row.chosen_by == Chosen.RANDOM,
        }
        for row in connection.execute(found)
    ]


def random_rate(connection: sa.Connection, *, province: str = "") -> Row:
    """Return how many of the visits drawn at random were made and found a violation, with the Wilson interval of the rate.

    A visit is made when its site's product is looked at within 12 months of the month it was drawn for.
    """
    drawn = sa.select(proposals).where(proposals.c.chosen_by == Chosen.RANDOM)
    if province:
        drawn = drawn.where(proposals.c.province.in_(parts_of(province)))
    chosen = drawn.subquery()
    same = sa.and_(target_days.c.site_id == chosen.c.site_id, target_days.c.product_id == chosen.c.product_id)
    later = sa.and_(same, target_days.c.kind.in_([VISITED, FOUND]), target_days.c.day >= chosen.c.day)
    rows = connection.execute(
        sa.select(chosen.c.proposal_id, chosen.c.day.label("since"), target_days.c.day, target_days.c.kind)
        .outerjoin(target_days, later)
        .order_by(chosen.c.proposal_id, target_days.c.day)
    )
    number, tally = 0, Tally()
    for _, group in groupby(rows, key=lambda row: row.proposal_id):
        days = list(group)
        number += 1
        first = days[0].day
        if first is not None and first < add_months(days[0].since, MONTHS_APART):
            tally = tally.plus(Tally(1, any(row.day == first and row.kind == FOUND for row in days)))
    low, high = wilson(tally)
    rate = tally.found / tally.visits if tally.visits else None
    return {"drawn": number, "visited": tally.visits, "found": tally.found, "rate": rate, "low": low, "high": high}


def _json(stored: str) -> msgspec.Raw:
    """Pass stored JSON on as it is."""
    return msgspec.Raw(stored.encode())


def risky_sites(connection: sa.Connection, on: date, *, province: str = "", limit: int = 100) -> list[Row]:
    """Return the sites with the highest risk on the day ``on``, with the signals that make it."""
    # One site at a time, so that the whole country takes no more memory than the list asked for.
    return heapq.nlargest(limit, _weighed(connection, on, province), key=lambda one: (one["score"], one["site_id"]))


def _weighed(connection: sa.Connection, on: date, province: str) -> Iterator[Row]:
    found = sa.select(site_signals).where(site_signals.c.day.between(on - REMEMBERED, on)).order_by(site_signals.c.site_id)
    if province:
        found = found.where(site_signals.c.province.in_(parts_of(province)))
    levels = _levels(connection, on)
    rows = connection.execution_options(yield_per=1000).execute(found)
    for site_id, group in groupby(rows, key=lambda row: row.site_id):
        of_site = list(group)
        signals = Counter({(row.kind, row.day): row.times for row in of_site})
        signals += standing_levels(levels.get(site_id, ()), on + date.resolution)
        latest = max(of_site, key=lambda row: row.day)
        yield {
            "site_id": site_id,
            "name": latest.name,
            "province": latest.province,
            "score": score(load(signals, on)),
            "last_signal": latest.day,
            "signals": dict(by_kind(signals)),
        }


def _levels(connection: sa.Connection, on: date) -> dict[str, list[ValidatedLevel]]:
    """Return the confirmed levels by site. They are few: each is an act of two officers."""
    found: dict[str, list[ValidatedLevel]] = defaultdict(list)
    for one in levels_where(connection, validated_levels.c.day.between(on - REMEMBERED, on)):
        found[one.site_id].append(one)
    return found
