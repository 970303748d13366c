"""Figures: equal to counting the events one by one, whatever the period, the dimension and the part asked for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from services.reporting import queries
from services.reporting.indicators import indicators
from services.reporting.model import entry_of
from services.reporting.periods import Period, end_of
from services.reporting.queries import EVERYTHING, Slice
from services.reporting.reports import By, to_json
from shared.contracts.envelope import Event
from shared.database.engine import Database
from shared.kernel.errors import InvalidInput, NotFound
from tests.unit.reporting.made_up import made_up_events, take_in

EVENTS = made_up_events(900)


@pytest.fixture
def filled(database: Database) -> Database:
    """A database with 16 months of made-up events."""
    take_in(database, EVENTS)
    return database


def counted(name: str, period: Period, by: By, where: Slice, cut_off: date | None = None) -> Counter[str]:
    """Count without any table."""
    found: Counter[str] = Counter()
    for entry in map(entry_of, EVENTS):
        known = cut_off is None or entry.event.time < end_of(cut_off)
        if entry.event.type == "reporting.report_issued" or not known or not period.first <= entry.day <= period.last:
            continue
        for kind, value in _points(name, entry.event):
            place = {"province": entry.province, "product_group": entry.product_group, "kind": kind}
            if all(getattr(where, key) in (None, value) for key, value in place.items()):
                found[{**place, "month": f"{entry.day:%Y-%m}"}[by.value]] += value
    return found


def _points(name: str, event: Event[Any]) -> Any:
    one = indicators()[name]
    return one.points(event) if isinstance(event.data, one.reads) else ()


def asked(count: int) -> Iterator[tuple[str, Period, By, Slice]]:
    """Make up questions."""
    chance = random.Random(count)
    for _ in range(count):
        first = date(2024, 3, 1) + timedelta(days=chance.randrange(480))
        where = Slice(province=chance.choice((None, None, "46")), product_group=chance.choice((None, None, "toy", "")))
        yield (
            chance.choice(list(indicators())),
            Period(first, first + timedelta(days=chance.randrange(200))),
            chance.choice(list(By)),
            where,
        )


def test_reports_equal_counting_one_by_one(filled: Database) -> None:
    """Month cells and day cells together give what counting gives, this year and the year before."""
    seen = 0
    with filled.reading() as connection:
        for name, period, by, where in asked(150):
            found = queries.report(connection, name, period.first, period.last, by, where=where)
            assert {row.key: row.value for row in found.rows if row.value} == counted(name, period, by, where)
            assert found.total.value == sum(row.value for row in found.rows)
            before = counted(name, period.year_before(), by, where)
            assert found.total.previous == before.total() == sum(row.previous for row in found.rows)
            if by is not By.MONTH:
                assert {row.key: row.previous for row in found.rows if row.previous} == before
            seen += found.total.value
    assert seen > 300


def test_a_past_cut_off_gives_what_was_known_then(filled: Database) -> None:
    """With a cut-off only what was published by the end of that day counts."""
    differing = 0
    with filled.reading() as connection:
        for name, period, by, where in asked(200):
            cut_off = period.last + timedelta(days=1)
            found = queries.report(connection, name, period.first, period.last, by, where=where, cut_off=cut_off)
            assert {row.key: row.value for row in found.rows if row.value} == counted(name, period, by, where, cut_off)
            differing += found.total.value != counted(name, period, by, where).total()
    assert differing


def test_later_events_do_not_change_a_report_with_a_cut_off(database: Database) -> None:
    """The same cut-off gives the same bytes, also after more events have come in."""
    cut_off = date(2025, 3, 20)
    known = [event for event in EVENTS if event.time < end_of(cut_off)]
    later = [event for event in EVENTS if event.time >= end_of(cut_off)]
    made = []
    for more in (known, later):
        take_in(database, more)
        with database.reading() as connection:
            first, last = date(2025, 3, 1), date(2025, 3, 31)
            made += [
                [to_json(queries.report(connection, name, first, last, cut_off=until)) for name in indicators()]
                for until in (cut_off, None)
            ]
    assert made[0] == made[2]
    assert made[1] != made[3]


def test_totals_are_those_of_the_reports(filled: Database) -> None:
    """The overview of all reports gives each report's total."""
    first, last = date(2025, 1, 10), date(2025, 6, 5)
    with filled.reading() as connection:
        for cut_off in (None, date(2025, 3, 1)):
            totals = queries.totals(connection, first, last, cut_off=cut_off).totals
            assert [one.name for one in totals] == list(indicators())
            for one in totals:
                total = queries.report(connection, one.name, first, last, cut_off=cut_off).total
                assert (one.value, one.previous, one.change_percent) == (total.value, total.previous, total.change_percent)


def test_months_stand_beside_the_same_months_of_the_year_before(filled: Database) -> None:
    """By month, March is compared with March."""
    period = Period(date(2025, 3, 1), date(2025, 4, 30))
    before = counted("verdicts", period.year_before(), By.MONTH, EVERYTHING)
    with filled.reading() as connection:
        found = queries.report(connection, "verdicts", period.first, period.last, By.MONTH)
    assert {row.key: row.previous for row in found.rows} == {"2025-03": before["2024-03"], "2025-04": before["2024-04"]}


def test_rows_come_in_order_of_their_keys(filled: Database) -> None:
    """The order of rows is part of what must be the same."""
    with filled.reading() as connection:
        keys = [
            row.key for row in queries.report(connection, "violations", date(2024, 1, 1), date(2025, 6, 30), By.PROVINCE).rows
        ]
    assert keys == sorted(keys)
    assert len(keys) == 3


def test_the_default_period_follows_the_data(filled: Database, new_database: Any) -> None:
    """Without dates a report shows the year up to the newest day with a figure; nothing yet to come is shown."""
    with filled.reading() as connection:
        assert queries.year_so_far(connection, date(2031, 5, 5)) == Period(
            date(2025, 1, 1), max(entry_of(event).day for event in EVENTS)
        )
        assert queries.year_so_far(connection, date(2025, 2, 1)).last <= date(2025, 2, 1)
    with new_database().reading() as connection:
        assert queries.year_so_far(connection, date(2031, 5, 5)) == Period(date(2031, 1, 1), date(2031, 5, 5))


def test_wrong_questions_are_the_users_errors(filled: Database) -> None:
    """An unknown report and a period that runs backwards are named."""
    with filled.reading() as connection:
        with pytest.raises(NotFound, match="violations"):
            queries.report(connection, "violation", date(2025, 1, 1), date(2025, 2, 1))
        with pytest.raises(InvalidInput):
            queries.report(connection, "violations", date(2025, 2, 1), date(2025, 1, 1))
