"""Rebuilding: the journal folded again gives exactly what was there, unseen until it is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from services.reporting import queries
from services.reporting.handlers.rebuilding import rebuild
from services.reporting.indicators import readers
from services.reporting.tables import cells, generations, journal, listings, points
from shared.database.engine import Database
from shared.kernel.errors import Conflict
from tests.unit.reporting.made_up import made_up_events, take_in

EVENTS = made_up_events(250, seed=11)
LATER = made_up_events(320, seed=11)[250:]  # further ones of the same series


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fold in several chunks although there are few events."""
    monkeypatch.setattr("services.reporting.handlers.rebuilding._CHUNK", 40)


def folded(database: Database) -> dict[str, list[Any]]:
    """Return everything that is read now, without the number of its generation."""
    found: dict[str, list[Any]] = {}
    with database.reading() as connection:
        live = connection.scalar(sa.select(generations.c.live))
        for table in (points, cells, listings):
            columns = [column for column in table.c if column.name != "generation"]
            rows = connection.execute(sa.select(*columns).where(table.c.generation == live)).all()
            found[table.name] = sorted(map(repr, rows))
    return found


def spoil(database: Database) -> None:
    """Make what is folded wrong, as after a change of an indicator."""
    with database.writing() as connection:
        connection.execute(cells.update().values(value=cells.c.value + 1))
        connection.execute(points.delete().where(points.c.indicator == "verdicts"))
        connection.execute(listings.delete())


def test_a_rebuild_gives_what_was_added_up_event_by_event(database: Database) -> None:
    """Points, cells and lists come out exactly as they were, from the journal alone, and the old ones are gone."""
    take_in(database, EVENTS, batch=17)
    before = folded(database)
    spoil(database)
    assert folded(database) != before
    assert rebuild(database) == len(EVENTS)
    assert folded(database) == before
    with database.reading() as connection:
        for table in (points, cells, listings):
            assert connection.scalar(sa.select(sa.func.count(table.c.generation.distinct()))) == 1


def test_an_empty_journal_can_be_rebuilt(database: Database) -> None:
    """Nothing becomes nothing, and events can follow."""
    assert rebuild(database) == 0
    take_in(database, EVENTS)
    assert len(folded(database)["points"]) > len(EVENTS) / 2


def test_readers_see_the_old_figures_until_the_new_ones_are_whole(database: Database) -> None:
    """Whoever asks during a rebuild gets what stood there before it."""
    take_in(database, EVENTS)
    before = folded(database)
    seen = []
    rebuild(database, lambda _done, _total: seen.append(folded(database)))
    assert len(seen) == 7
    assert all(one == before for one in seen)


def test_progress_reaches_its_end(database: Database) -> None:
    """Progress rises to the end of the journal."""
    take_in(database, EVENTS)
    told: list[tuple[int, int]] = []
    rebuild(database, lambda done, total: told.append((done, total)))
    assert told[-1] == (250, 250)
    assert told == sorted(told)
    assert len({total for _, total in told}) == 1


def test_events_that_come_during_a_rebuild_count_once(database: Database) -> None:
    """New events go into both generations: nothing is lost at the switch and nothing is there twice."""
    take_in(database, EVENTS)
    coming = iter([LATER[:30], LATER[30:]])

    def come(_done: int, _total: int) -> None:
        take_in(database, next(coming, []))

    assert rebuild(database, come) == len(EVENTS)
    switched = folded(database)
    assert len(switched["points"]) > len(EVENTS)
    rebuild(database)
    assert folded(database) == switched


def test_the_same_as_without_a_rebuild(new_database: Callable[[], Database]) -> None:
    """Rebuilt in the middle or not at all, the figures after all events are the same."""
    one, other = new_database(), new_database()
    take_in(one, EVENTS)
    rebuild(one)
    take_in(one, LATER)
    take_in(other, [*EVENTS, *LATER])
    assert folded(one) == folded(other)


def test_a_killed_rebuild_is_never_read_and_is_cleared_away(database: Database) -> None:
    """What a killed rebuild left is not shown; events still count; the next rebuild removes it."""
    take_in(database, EVENTS)
    before = folded(database)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            rebuild(database, _die)
        assert folded(database) == before
    take_in(database, LATER)
    after = folded(database)
    rebuild(database)
    assert folded(database) == after
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count(points.c.generation.distinct()))) == 1
        assert connection.execute(sa.select(generations.c.live, generations.c.building)).one() == (4, None)


def test_of_two_rebuilds_the_later_one_wins(database: Database) -> None:
    """The earlier one notices at its next step and stops; the later one is whole."""
    take_in(database, EVENTS)
    before = folded(database)
    started = []

    def start_another(_done: int, _total: int) -> None:
        if not started:
            started.append(True)
            rebuild(database)

    with pytest.raises(Conflict, match="another rebuild"):
        rebuild(database, start_another)
    assert folded(database) == before


def test_a_report_invented_today_is_known_from_the_first_day(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """An indicator that was not there when the events came has its figures after a rebuild."""
    known = readers()
    without = {name: tuple(one for one in found if one.name != "violations") for name, found in known.items()}
    monkeypatch.setattr("services.reporting.handlers.journalling.readers", lambda: without)
    take_in(database, EVENTS)
    monkeypatch.undo()
    first, last = date(2024, 1, 1), date(2025, 12, 31)
    with database.reading() as connection:
        assert queries.report(connection, "violations", first, last).total.value == 0
    rebuild(database)
    expected = sum(event.type == "inspection.violation_detected" for event in EVENTS)
    with database.reading() as connection:
        assert queries.report(connection, "violations", first, last).total.value == expected > 0


def test_the_journal_is_never_touched(database: Database) -> None:
    """A rebuild reads the journal and writes nothing into it."""
    take_in(database, EVENTS)
    with database.reading() as connection:
        before = connection.execute(sa.select(journal).order_by(journal.c.seq)).all()
    rebuild(database)
    with database.reading() as connection:
        assert connection.execute(sa.select(journal).order_by(journal.c.seq)).all() == before


def _die(done: int, _total: int) -> None:
    if done >= 80:
        raise KeyboardInterrupt
