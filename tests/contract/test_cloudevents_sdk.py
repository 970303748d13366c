"""The project's events are what the CloudEvents SDK calls CloudEvents, in both directions."""

from __future__ import annotations

import json

import msgspec
import pytest
from cloudevents.core.bindings import amqp, http, rabbitmq
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from werkzeug.test import EnvironBuilder

from shared.contracts.codec import decode, encode
from shared.contracts.envelope import Contract, Data, Event
from shared.contracts.registry import contracts
from shared.web.intake import _bodies

CONTRACTS = pytest.mark.parametrize("contract", contracts().values(), ids=lambda one: one.event_type)


def _event(contract: Contract) -> Event[Data]:
    data = contract.data.sample()
    return Event(
        id="SAMPLE-1",
        source="/sample/test",
        type=contract.event_type,
        subject=data.order_key(),
        time=data.observed_at,
        data=data,
        dataversion=contract.version,
        correlationid="SAMPLE-STORY",
        causationid="SAMPLE-CAUSE",
    )


@CONTRACTS
def test_sdk_reads_what_is_written(contract: Contract) -> None:
    """A structured message of ours is a valid CloudEvent with the same attributes and data."""
    event = _event(contract)
    read = JSONFormat().read(CloudEvent, encode(event))
    assert read.get_id() == event.id
    assert read.get_source() == event.source
    assert read.get_type() == event.type
    assert read.get_subject() == event.subject
    assert read.get_time() == event.time
    assert read.get_extension("correlationid") == event.correlationid
    assert read.get_extension("causationid") == event.causationid
    assert read.get_data() == json.loads(encode(event))["data"]


@CONTRACTS
def test_what_the_sdk_writes_is_read(contract: Contract) -> None:
    """A structured message written by the SDK, over HTTP or AMQP, decodes to the same event."""
    event = _event(contract)
    foreign = JSONFormat().read(CloudEvent, encode(event))
    for body in (
        http.to_structured(foreign, JSONFormat()).body,
        amqp.to_structured(foreign, JSONFormat()).application_data,
        rabbitmq.to_structured(foreign, JSONFormat()).body,
    ):
        assert decode(body, edge=True) == event


@CONTRACTS
def test_binary_mode_of_the_sdk_is_read(contract: Contract) -> None:
    """The HTTP binding's binary mode, attributes as percent-encoded headers, arrives as the same event."""
    event = msgspec.structs.replace(_event(contract), id='SAMPLE "Cửa hàng" 100 %')
    message = http.to_binary(JSONFormat().read(CloudEvent, encode(event)), JSONFormat())
    request = EnvironBuilder(method="POST", headers=list(message.headers.items()), data=message.body).get_request()
    assert [decode(body, edge=True) for body in _bodies(request)] == [event]
