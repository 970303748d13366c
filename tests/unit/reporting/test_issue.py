"""Month end: each finished month is issued once, frozen, announced, and can be made again byte by byte."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from services.reporting import queries
from services.reporting.handlers import issue_finished_months, rebuild
from services.reporting.indicators import readers
from services.reporting.model import local_day
from services.reporting.periods import end_of, month_of
from services.reporting.queries.monthly import count_events, monthly
from services.reporting.reports import to_json
from shared.contracts.codec import decode
from shared.contracts.envelope import Event
from shared.contracts.partners import SampleTested
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from shared.kernel.errors import NotFound
from shared.messaging.tables import outbox
from tests.unit.reporting.made_up import event_of, made_up_events, take_in

# From January to June 2025, the last ones published in the first days of July.
EVENTS = sorted(made_up_events(600, seed=5, days=170), key=lambda event: event.time)


def issue(database: Database, now: datetime) -> list[Event[Any]]:
    """Let the timer run at ``now`` and return what it announced."""
    with database.writing() as connection:
        known = connection.scalar(sa.select(sa.func.count()).select_from(outbox))
        uow = UnitOfWork(connection, "reporting", now, now)
        issue_finished_months(uow)
        uow.flush()
        bodies = connection.scalars(sa.select(outbox.c.body).order_by(outbox.c.seq)).all()
    return [decode(body.encode()) for body in bodies[known:]]


def frozen(database: Database) -> dict[str, tuple[int, str]]:
    """Return what has been issued."""
    with database.reading() as connection:
        return {f"{one.period_from:%Y-%m}": (one.events, one.sha256) for one in queries.issued_reports(connection)}


def test_a_month_is_issued_when_the_next_ones_first_day_is_over(database: Database) -> None:
    """Not a second before; then with the digest of its bytes and the number of its events, at the legal end of the month."""
    take_in(database, EVENTS)
    due = end_of(date(2025, 2, 1))
    assert issue(database, due - timedelta(seconds=1)) == []
    (announced,) = issue(database, due)
    fact = announced.data
    assert (fact.report, fact.period_from, fact.period_to) == ("monthly", date(2025, 1, 1), date(2025, 1, 31))
    assert (fact.observed_at, announced.time) == (datetime(2025, 1, 31, 17, tzinfo=UTC), due)
    with database.reading() as connection:
        body = queries.issued_report(connection, "monthly", date(2025, 1, 1))
        (listed,) = queries.issued_reports(connection)
    assert sha256(body).hexdigest() == fact.sha256 == listed.sha256
    known = {
        event.key for event in EVENTS if local_day(event.data.observed_at).month == 1 and event.time < due and _counts(event)
    }
    assert fact.events == listed.events == len(known) > 0


def _counts(event: Event[Any]) -> bool:
    return any(list(one.points(event)) for one in readers().get(event.type, ()))


def test_each_month_is_issued_once(database: Database) -> None:
    """Running again announces nothing; a clock that jumps issues every month it passed."""
    take_in(database, EVENTS)
    now = datetime(2025, 5, 20, tzinfo=UTC)
    assert [one.data.period_from.month for one in issue(database, now)] == [1, 2, 3, 4]
    assert issue(database, now) == []
    assert issue(database, now + timedelta(days=1)) == []
    assert [one.data.period_from.month for one in issue(database, now + timedelta(days=20))] == [5]


def test_nothing_is_issued_of_nothing(database: Database) -> None:
    """Without events there is no report, and a month without events is passed over."""
    assert issue(database, datetime(2025, 5, 20, tzinfo=UTC)) == []
    take_in(database, [event for event in EVENTS if local_day(event.data.observed_at).month in (1, 4)])
    assert [one.data.period_from.month for one in issue(database, datetime(2025, 6, 20, tzinfo=UTC))] == [1, 4]


@pytest.mark.parametrize("seed", range(3))
def test_bytes_depend_on_the_events_alone(new_database: Callable[[], Database], seed: int) -> None:
    """Issued as the events come, or all at once long after from events in any order: the same digests."""
    chance = random.Random(seed)
    timely, late = new_database(), new_database()
    day, rest = date(2025, 1, 1), EVENTS
    while rest:
        day += timedelta(days=chance.randrange(1, 12))
        today = [event for event in rest if event.time < end_of(day)]
        rest = rest[len(today) :]
        take_in(timely, today)
        issue(timely, end_of(day))
    issue(timely, end_of(day + timedelta(days=30)))
    take_in(late, chance.sample(EVENTS, len(EVENTS)), batch=chance.randrange(1, 90))
    issue(late, datetime(2026, 3, 1, tzinfo=UTC))
    assert frozen(timely) == frozen(late)
    assert len(frozen(timely)) == 6


def test_an_issued_report_never_changes_and_the_next_one_shows_it_revised(database: Database) -> None:
    """A late event leaves the issued bytes alone; the month before stands revised in the next issue."""
    cut_off = date(2025, 2, 1)
    known = [event for event in EVENTS if event.time < end_of(cut_off)]
    take_in(database, known)
    issue(database, end_of(cut_off))
    with database.reading() as connection:
        issued = queries.issued_report(connection, "monthly", date(2025, 1, 1))
    in_january = msgspec.structs.replace(SampleTested.sample(), observed_at=datetime(2025, 1, 20, 3, tzinfo=UTC))
    late = event_of(in_january, "SAMPLE-LATE", end_of(cut_off))
    take_in(database, [late, *(event for event in EVENTS if event.time >= end_of(cut_off))])
    issue(database, end_of(date(2025, 3, 1)))
    with database.reading() as connection:
        assert queries.issued_report(connection, "monthly", date(2025, 1, 1)) == issued
        january = month_of(date(2025, 1, 1))
        again = monthly(connection, january, cut_off, count_events(connection, january, cut_off))
        assert to_json(again) == issued
        february = msgspec.json.decode(queries.issued_report(connection, "monthly", date(2025, 2, 1)))
    first = {one["name"]: one["value"] for one in msgspec.json.decode(issued)["totals"]}
    revised = {one["name"]: one["value"] for one in february["month_before_revised"]}
    assert all(revised[name] >= value for name, value in first.items())
    assert revised != first


def test_issuing_changes_no_figure(database: Database) -> None:
    """A report that was issued is an event too, but no report counts it."""
    take_in(database, EVENTS)
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    with database.reading() as connection:
        before = queries.totals(connection, first, last)
    take_in(database, issue(database, datetime(2025, 7, 20, tzinfo=UTC)))
    with database.reading() as connection:
        assert queries.totals(connection, first, last) == before
    assert issue(database, datetime(2025, 7, 21, tzinfo=UTC)) == []


def test_a_rebuild_leaves_issued_reports_alone(database: Database) -> None:
    """Frozen copies are no projection."""
    take_in(database, EVENTS)
    issue(database, datetime(2025, 7, 20, tzinfo=UTC))
    before = frozen(database)
    rebuild(database)
    assert frozen(database) == before
    assert issue(database, datetime(2025, 7, 21, tzinfo=UTC)) == []


def test_a_report_that_was_not_issued_is_not_found(database: Database) -> None:
    """There is no empty report."""
    with database.reading() as connection, pytest.raises(NotFound):
        queries.issued_report(connection, "monthly", date(2025, 1, 1))
