"""Choosing a month's visits on SQLite and on PostgreSQL: the same visits, found by indexes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from services.planning import queries
from services.planning.handlers.selections import select
from services.planning.model.targeting import Capacity, SelectionOrder
from services.planning.tables import proposals, target_days, targets
from shared.contracts.planning import InspectionProposed
from shared.database.upsert import insert_all
from shared.kernel.provinces import CODES
from tests.explaining import explained
from tests.unit.planning.story import Planning, Story, hanoi
from tests.unit.planning.test_selection import history

_SITES, _PROVINCES = 6_300, sorted(CODES)
_MONTH = date(2025, 7, 1)


@pytest.fixture
def planning(database_url: str) -> Iterator[Planning]:
    """Give planning on each kind of database."""
    planning = Planning(database_url)
    yield planning
    planning.database.close()


def chosen(planning: Planning, month: date, capacity: Capacity) -> int:
    """Choose the visits of a month at its beginning."""
    with planning.transaction(hanoi(f"{month}T00:00:00")) as uow:
        return select(SelectionOrder(month=f"{month:%Y-%m}", capacity=capacity), uow).chosen


def test_every_database_chooses_the_same(planning: Planning) -> None:
    """The ranks that SQLite gives, each with its reasons, once, and told to the others."""
    planning.react(*history())
    before = len(planning.emitted(InspectionProposed))
    april = date(2025, 4, 1)
    assert [chosen(planning, april, Capacity(provinces={"46": 4})) for _ in range(2)] == [4, 0]
    with planning.database.reading() as connection:
        shown = queries.proposed(connection, month=april)
        assert queries.random_rate(connection, province="46")["drawn"] == sum(one["at_random"] for one in shown)
    assert [row["site_id"][-1] for row in sorted(planning.rows(proposals), key=lambda row: row["rank"] or 0) if row["month"]] == [
        "4",
        "2",
        "3",
        "1",
    ]
    assert [one["rank"] for one in shown] == [1, 2, 3, 4]
    assert len(planning.emitted(InspectionProposed)) - before == 4


def test_a_province_is_read_by_its_index(planning: Planning) -> None:
    """Of a country's targets only those of the codes that a province goes by are read, and a month's choice by the month."""
    _fill(planning)
    with explained() as plans:
        assert chosen(planning, _MONTH, Capacity(provinces={"15": 5})) == 5
        with planning.database.reading() as connection:
            assert len(queries.proposed(connection, month=_MONTH, province="15")) == 5
    of_targets = [plan for question, plan in plans if "targets.province =" in question]
    assert of_targets
    for plan in of_targets:
        assert any("targets_province" in line for line in plan), plan
        assert not any("Seq Scan on targets " in line or line.startswith("SCAN targets ") for line in plan), plan
    of_month = [plan for question, plan in plans if "proposals.month =" in question]
    assert len(of_month) == 2
    for plan in of_month:
        assert any("proposals_month" in line for line in plan), plan


def _fill(planning: Planning) -> None:
    """Store many sites that were visited long ago, and as many proposals of other months."""
    planning.react(Story(1).verdict("2023-01-10T09:00:00"))
    chosen(planning, date(2024, 3, 1), Capacity(otherwise=1))
    [target], [proposal] = planning.rows(targets), planning.rows(proposals)
    sites = [f"SAMPLE-MANY-{number:05}" for number in range(_SITES)]
    with planning.database.writing() as connection:
        rows = [
            {
                **target,
                "site_id": site,
                "province": _PROVINCES[place % len(_PROVINCES)],
                "site": target["site"].replace(target["site_id"], site),
            }
            for place, site in enumerate(sites)
        ]
        insert_all(connection, targets, rows)
        days = [date(2023, 1, 1) + timedelta(days=place % 300) for place in range(_SITES)]
        visited = [
            {"site_id": site, "product_id": target["product_id"], "day": day, "kind": "visited", "times": 1}
            for site, day in zip(sites, days, strict=True)
        ]
        insert_all(connection, target_days, visited)
        others = [
            {
                **proposal,
                "proposal_id": site,
                "site_id": f"{site}-X",
                "province": _PROVINCES[place % len(_PROVINCES)],
                "month": day.replace(day=1),
            }
            for place, (site, day) in enumerate(zip(sites, days, strict=True))
        ]
        insert_all(connection, proposals, others)
        connection.execute(sa.text("ANALYZE"))
