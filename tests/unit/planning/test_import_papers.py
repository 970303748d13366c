"""Importers whose goods were released before their papers owe these in a time that is counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.planning.model.clocks import ClockState, clocks_of
from services.planning.model.told import moments_of, told_by
from services.planning.rules import clock_rules
from services.planning.rules.government_swaps_working_days import WORKING_DAYS
from shared.contracts.envelope import Event
from shared.contracts.partners import LotDeclared, PapersAfterRelease
from shared.contracts.planning import DeadlineMissed
from shared.contracts.vocabulary import Product, ProductGroup
from tests.unit.planning.story import Planning, hanoi, published, site

OWED, HANDED_IN = PapersAfterRelease.OWED, PapersAfterRelease.HANDED_IN


def lot(when: str, papers: PapersAfterRelease | None, number: str = "SAMPLE-1") -> Event[LotDeclared]:
    """Declare a lot of toys."""
    data = LotDeclared(
        observed_at=hanoi(when),
        declaration_no=number,
        importer=site(1, "31"),
        product=Product(group=ProductGroup.TOY, name="Đồ chơi mẫu"),
        quantity=Decimal(800),
        unit="chiếc",
        papers_after_release=papers,
    )
    return published(data, f"{number}/{papers}")


@pytest.mark.parametrize(
    ("handed_in", "state"),
    [("2025-04-01T23:59:59.999999", ClockState.MET), ("2025-04-02T00:00:00", ClockState.MISSED)],
)
def test_15_working_days_count_to_the_end_of_the_last(handed_in: str, state: ClockState) -> None:
    """Released on Tuesday 11 March 2025: until the end of Tuesday 1 April."""
    owed, shown = lot("2025-03-11T09:30:00", OWED), lot(handed_in, HANDED_IN)
    told = told_by(owed)
    assert told is not None
    assert told.subject is not None
    moments = {name: [moment] for event in (owed, shown) for name, moment in moments_of(event)}
    (clock,) = clocks_of(told.subject, moments, clock_rules(), WORKING_DAYS)
    assert (clock.duty, clock.state, clock.due_at) == ("import_papers", state, hanoi("2025-04-01T23:59:59.999999"))


@pytest.mark.parametrize(("released", "clocks"), [("2018-06-30T09:00:00", 0), ("2018-07-01T09:00:00", 1)])
def test_the_remembered_decree_counts_from_its_first_day(released: str, clocks: int) -> None:
    """Before it nothing is counted, and that it was typed from memory is on record."""
    owed = lot(released, OWED)
    told = told_by(owed)
    assert told is not None
    assert told.subject is not None
    moments = {name: [moment] for name, moment in moments_of(owed)}
    assert len(list(clocks_of(told.subject, moments, clock_rules(), WORKING_DAYS))) == clocks
    assert [one.verified for one in clock_rules() if one.duty == "import_papers"] == [False]


def test_papers_that_stay_away_are_announced_with_importer_and_goods(planning: Planning) -> None:
    """Whoever reads of it knows whom to ask; other lots, and those that bring their papers, start nothing."""
    planning.react(
        lot("2025-03-11T09:30:00", OWED),
        lot("2025-03-11T09:30:00", None, "SAMPLE-2"),
        lot("2025-03-11T09:30:00", OWED, "SAMPLE-3"),
        lot("2025-03-20T09:30:00", HANDED_IN, "SAMPLE-3"),
    )
    planning.announce("2025-04-02T08:00:00")
    (missed,) = planning.emitted(DeadlineMissed)
    assert (missed.data.duty, missed.data.about, missed.data.subject_kind) == ("import_papers", "SAMPLE-1", "imported_lot")
    assert missed.data.site == site(1, "31")
    assert missed.data.province == "31"
