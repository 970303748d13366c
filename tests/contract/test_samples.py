"""Every contract shows a valid sample, and reading undoes writing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.contracts.codec import decode, encode
from shared.contracts.envelope import Contract, Data, Event
from shared.contracts.registry import contracts


def _event(data: Data) -> Event[Data]:
    return Event(
        id="SAMPLE-1",
        source="/sample/test",
        type=data.type,
        subject=data.order_key(),
        time=data.observed_at + timedelta(minutes=1),
        data=data,
        dataversion=data.version,
        correlationid="SAMPLE-STORY",
        causationid="SAMPLE-CAUSE",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda one: one.event_type)
@pytest.mark.parametrize("edge", [True, False], ids=["edge", "subscriber"])
def test_sample_survives_the_journey(contract: Contract, edge: bool) -> None:
    """What is decoded equals what was encoded, at the strict edge as among services."""
    event = _event(contract.data.sample())
    assert decode(encode(event), edge=edge) == event


@pytest.mark.parametrize("contract", contracts().values(), ids=lambda one: one.event_type)
def test_type_names_publisher_and_fact(contract: Contract) -> None:
    """An event type is `<publisher>.<past_tense>`: it is the routing key."""
    publisher, dot, fact = contract.event_type.partition(".")
    assert publisher.isidentifier()
    assert dot
    assert fact.isidentifier()


def test_story_starts_with_the_event_that_has_no_other() -> None:
    """An event that came without a correlation id begins its own story."""
    data = next(iter(contracts().values())).data.sample()
    event = Event(id="SAMPLE-2", source="/s", type=data.type, subject=data.order_key(), time=data.observed_at, data=data)
    assert decode(encode(event)).correlationid == "SAMPLE-2"
