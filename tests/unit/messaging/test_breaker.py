"""The breaker stops diverting when most events fail, and only then; it closes by a look that goes well, or by a person."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from shared.kernel.errors import Conflict, DependencyDown
from shared.messaging import breaker, dead_letters
from shared.messaging.breaker import Breaker
from shared.messaging.dead_letters import Person
from shared.messaging.tables import breaker_trips
from tests.unit.messaging.rig import Rig, sample

FAULT = ValueError("fault")
CLERK = Person("operator 1", proven=True)


def resume(rig: Rig, allowance: int = 0) -> None:
    """Do what the command does."""
    with rig.room.transaction() as desk:
        dead_letters.resume(desk, rig.wall.now, by=CLERK, why="looked at", allowance=allowance)


def is_tripped(rig: Rig) -> bool:
    """Tell whether consumption is stopped."""
    with rig.room.reading() as connection:
        return breaker.is_tripped(connection)


def deliver_failing(rig: Rig, *numbers: int) -> None:
    """Deliver one event of a subject of its own after the other, each of which fails."""
    for number in numbers:
        rig.fail(number, FAULT)
        rig.deliver(sample(number, site=number))


@pytest.fixture
def stopped(rig: Rig) -> Rig:
    """Fifty events failed, and the next one was not recorded any more."""
    deliver_failing(rig, *range(50))
    with pytest.raises(DependencyDown, match="50 of the last 50 events failed"):
        deliver_failing(rig, 50)
    assert is_tripped(rig)
    return rig


def test_fifty_failures_in_a_row_are_recorded_and_no_more(stopped: Rig) -> None:
    """The rest stays in the queue, whatever process looks at it, with no attempt spent."""
    assert len(stopped.rows()) == 50
    for inbox in (stopped.inbox, stopped.new_inbox()):
        stopped.inbox = inbox
        with pytest.raises(DependencyDown):
            stopped.deliver(sample(50, site=50))
    assert len(stopped.rows()) == 50


def test_what_was_recorded_before_spends_nothing_meanwhile(stopped: Rig) -> None:
    """A retry that fails while it is stopped gives its attempt back, so nothing dies of our fault."""
    stopped.wall.advance(3600)
    for _ in range(10):
        with pytest.raises(DependencyDown, match="50 of 50"):
            stopped.inbox.retry_due()
    assert {(row.state, row.attempts) for row in stopped.rows().values()} == {("retry", 1)}


def test_a_few_bad_events_among_good_ones_never_stop_it(rig: Rig) -> None:
    """One in three fails for ever, and everything goes on."""
    remembered = Breaker(rig.room)
    for _ in range(1000):
        remembered.failed(FAULT)
        remembered.succeeded(2)
    assert not is_tripped(rig)


def test_it_goes_on_by_itself_when_the_fault_is_gone(stopped: Rig) -> None:
    """The first look that goes well closes it, also after a restart; the failed ones recover on their ladder."""
    stopped.heal()
    stopped.inbox = stopped.new_inbox()
    stopped.deliver(sample(50, site=50))
    assert not is_tripped(stopped)
    stopped.wall.advance(3600)
    assert stopped.inbox.retry_due() == 50
    assert sorted(stopped.effects()) == list(range(51))


def test_one_bad_event_ahead_of_good_ones_does_not_keep_it_stopped(stopped: Rig) -> None:
    """A look goes through all that was taken; then what failed is recorded like any other, in the order of its subject."""
    stopped.deliver(*(sample(number, site=number if number != 60 else 50) for number in range(50, 61)))
    assert not is_tripped(stopped)
    assert sorted(stopped.effects()) == list(range(51, 60))
    assert {number for number in stopped.rows() if number >= 50} == {50, 60}


def test_while_most_fail_what_succeeds_is_done_once(stopped: Rig) -> None:
    """It is not handled again when the batch comes again, and does not count as a new success."""
    for number in (51, 52):
        stopped.fail(number, FAULT)
    for _ in range(3):
        with pytest.raises(DependencyDown):
            stopped.deliver(*(sample(number, site=number) for number in (50, 51, 52, 53)))
    assert stopped.effects() == [53]
    assert is_tripped(stopped)


def test_a_person_lets_it_go_on(stopped: Rig) -> None:
    """As many failures as were allowed go to the desk, and fifty more; who did it stands on record."""
    resume(stopped, allowance=30)
    deliver_failing(stopped, *range(50, 130))
    assert len(stopped.rows()) == 130
    with pytest.raises(DependencyDown):
        deliver_failing(stopped, 130)
    with stopped.room.reading() as connection:
        first = connection.execute(sa.select(breaker_trips).order_by(breaker_trips.c.number)).first()
        (act,) = dead_letters.acts(connection)
    assert first is not None
    assert (first.closed_by, first.error, act.act, act.why) == (CLERK.name, "ValueError: fault", "resumed", "looked at")


def test_what_was_not_stopped_cannot_be_resumed(rig: Rig) -> None:
    """Rather than a success that means nothing."""
    with pytest.raises(Conflict, match="nothing to resume"):
        resume(rig)
