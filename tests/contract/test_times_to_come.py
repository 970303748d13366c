"""A time that lies further ahead than it can is a typing error or a wrong clock, and is refused where it comes in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.contracts.codec import decode, encode
from shared.contracts.envelope import Data, Event, check_arrival
from shared.contracts.partners import SampleTested
from shared.contracts.planning import DeadlineMissed
from shared.kernel.errors import Reason, Refused

PUBLISHED = datetime(2025, 3, 14, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _event(data: Data, observed_at: datetime, source: str = "/sample/lab") -> Event[Data]:
    data = msgspec.structs.replace(data, observed_at=observed_at)
    return Event(
        id="SAMPLE-1",
        source=source,
        type=data.type,
        subject=data.order_key(),
        time=PUBLISHED,
        data=data,
        correlationid="SAMPLE-1",
    )


def test_a_fact_lies_at_most_a_month_after_its_publication() -> None:
    """31 days are taken, for wrong clocks and decisions that take effect later; a second more is not."""
    last = PUBLISHED + timedelta(days=31)
    event = _event(SampleTested.sample(), last)
    assert decode(encode(event)) == event
    for edge in (True, False):
        with pytest.raises(Refused, match="31 days after") as refused:
            decode(encode(_event(SampleTested.sample(), last + SECOND)), edge=edge)
        assert (refused.value.reason, refused.value.pointer) == (Reason.INVALID_DATA, "/data/observed_at")


def test_a_fact_may_be_as_old_as_it_likes() -> None:
    """What arrives late is counted, not refused."""
    event = _event(SampleTested.sample(), datetime(1995, 1, 1, tzinfo=UTC))
    assert decode(encode(event)) == event


def test_our_own_services_name_moments_to_come() -> None:
    """They tell business time, which runs ahead of nobody's typing."""
    event = _event(DeadlineMissed.sample(), PUBLISHED + timedelta(days=400), "/chuan/planning")
    assert decode(encode(event)) == event
    check_arrival(event, PUBLISHED - timedelta(days=4000))


def test_a_publication_lies_at_most_a_year_after_its_arrival() -> None:
    """366 days are taken, so that a year to come can be tried out; a second more is not."""
    event = _event(SampleTested.sample(), PUBLISHED)
    arrived = PUBLISHED - timedelta(days=366)
    check_arrival(event, arrived)
    with pytest.raises(Refused, match="366 days after") as refused:
        check_arrival(event, arrived - SECOND)
    assert (refused.value.reason, refused.value.pointer) == (Reason.INVALID_DATA, "/time")
