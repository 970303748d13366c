"""The AsyncAPI 3.0 document of the published language, made from the registry: it cannot differ from what is read."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

from shared.contracts.codec import CloudEvent, encode
from shared.contracts.envelope import Contract
from shared.contracts.registry import contracts, sample_events

EXCHANGE = "chuan.events"
_SCHEMAS = "#/components/schemas/{name}"
_AMQP = "0.3.0"  # version of AsyncAPI's AMQP bindings
_ABOUT = """Events of the standards, metrology and quality authority.

Every message is a CloudEvent 1.0 in structured JSON mode; binary mode is accepted too. The routing key is the event type,
on one durable topic exchange. `observed_at` in the data is the legal time, `time` in the envelope the time of
publication. Order holds for one `subject`. Delivery is at least once: `source` and `id` together are the identity."""

Json: TypeAlias = dict[str, Any]
Traffic: TypeAlias = Mapping[str, tuple[Iterable[str], Iterable[str]]]


def document(traffic: Traffic, *, version: str) -> Json:
    """Return the document; ``traffic`` tells for each service the event types it receives and those it sends."""
    published = contracts()
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Chuẩn", "version": version, "description": _ABOUT, "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/cloudevents+json",
        "servers": {"broker": {"host": "localhost:5672", "protocol": "amqp", "protocolVersion": "0.9.1"}},
        "channels": {name: _channel(name) for name in published},
        "operations": _operations(traffic),
        "components": {
            "messages": {name: _message(one) for name, one in published.items()},
            "schemas": _schemas(published),
        },
    }


def _channel(event_type: str) -> Json:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
    return {
        "address": event_type,
        "messages": {event_type: {"$ref": f"#/components/messages/{event_type}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": _AMQP}},
    }


def _message(published: Contract) -> Json:
    return {
        "name": published.event_type,
        "title": published.data.__name__,
        "summary": _first_sentence(published.data),
        "description": inspect.getdoc(published.data),
        "tags": [{"name": published.publisher}],
        "correlationId": {"location": "$message.payload#/correlationid"},
        "bindings": {
            "amqp": {"contentEncoding": "utf-8", "messageType": published.event_type, "bindingVersion": _AMQP},
        },
        "payload": {
            "allOf": [
                {"$ref": _SCHEMAS.format(name=CloudEvent.__name__)},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": published.event_type},
                        "dataversion": {"const": published.version},
                        "data": {"$ref": _SCHEMAS.format(name=published.data.__name__)},
                    },
                },
            ]
        },
        "examples": [{"name": event.id, "payload": json.loads(encode(event))} for event in sample_events(published)],
    }


def _schemas(published: Mapping[str, Contract]) -> Json:
    _, schemas = msgspec.json.schema_components([CloudEvent, *(one.data for one in published.values())], ref_template=_SCHEMAS)
    return {name: _without_mapping(schema) for name, schema in sorted(schemas.items())}


def _without_mapping(schema: Any) -> Any:
    """Drop OpenAPI's ``discriminator`` object, which AsyncAPI does not know: each alternative names its own ``kind``."""
    if isinstance(schema, dict):
        return {name: _without_mapping(one) for name, one in schema.items() if name != "discriminator"}
    if isinstance(schema, list):
        return [_without_mapping(one) for one in schema]
    return schema


def _operations(traffic: Traffic) -> Json:
    operations: Json = {}
    for service, (receives, sends) in sorted(traffic.items()):
        for event_type in sorted(receives):
            binding = {"ack": True, "bindingVersion": _AMQP}
            operations[f"{service}.receive.{event_type}"] = _operation("receive", service, event_type, binding)
        for event_type in sorted(sends):
            binding = {"deliveryMode": 2, "mandatory": True, "bindingVersion": _AMQP}
            operations[f"{service}.send.{event_type}"] = _operation("send", service, event_type, binding)
    return operations


def _operation(action: str, service: str, event_type: str, binding: Json) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{event_type}"},
        "messages": [{"$ref": f"#/channels/{event_type}/messages/{event_type}"}],
        "tags": [{"name": service}],
        "bindings": {"amqp": binding},
    }


def _first_sentence(data: type) -> str:
    return (inspect.getdoc(data) or "").split("\n\n")[0].replace("\n", " ")
