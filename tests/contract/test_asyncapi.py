"""The AsyncAPI document is valid, complete and true to what the codec reads and writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from shared.contracts.asyncapi import document
from shared.contracts.codec import decode
from shared.contracts.registry import contracts

TRAFFIC = {
    "inspection": (["lab.sample_tested", "survey.answered"], ["inspection.verdict_reached"]),
    "reporting": (list(contracts()), ["reporting.report_issued"]),
}
# Published by the AsyncAPI Initiative; see asyncapi/NOTICE.
OFFICIAL = json.loads((Path(__file__).parent / "asyncapi" / "3.0.0.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Return the document as a reader gets it: through JSON."""
    read: dict[str, Any] = json.loads(json.dumps(document(TRAFFIC, version="1.2.3")))
    return read


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    """Return a validator for AsyncAPI 3.0.0."""
    return Draft7Validator(OFFICIAL)


def test_document_is_valid_asyncapi(made: dict[str, Any], official: Draft7Validator) -> None:
    """The official JSON Schema of AsyncAPI 3.0.0 accepts it."""
    assert [f"{error.json_path}: {error.message[:200]}" for error in official.iter_errors(made)] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("asyncapi",), "2.6.0"),
        (("channels", "lab.sample_tested", "adress"), "x"),
        (("channels", "lab.sample_tested", "bindings", "amqp", "is"), "topic"),
        (("channels", "lab.sample_tested", "bindings", "amqp", "exchange", "type"), "fan"),
        (("operations", "reporting.receive.survey.answered", "action"), "subscribe"),
        (("components", "messages", "survey.answered", "payload"), 7),
        (("components", "schemas", "Site", "properties", "id", "minLength"), "one"),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else None,
)
def test_validator_would_notice(made: dict[str, Any], official: Draft7Validator, place: tuple[str, ...], value: object) -> None:
    """The validation reaches the parts that are ours: a planted mistake in each is found."""
    broken = json.loads(json.dumps(made))
    *path, last = place
    node = broken
    for step in path:
        node = node[step]
    node[last] = value
    assert not official.is_valid(broken)


def _references(node: Any) -> set[str]:
    if isinstance(node, list):
        return {one for child in node for one in _references(child)}
    if isinstance(node, dict):
        return {one for child in node.values() for one in _references(child)} | ({node["$ref"]} if "$ref" in node else set())
    return set()


def test_every_reference_leads_somewhere(made: dict[str, Any]) -> None:
    """No reader of the document ends at a missing part."""
    for reference in _references(made):
        node: Any = made
        for step in reference.removeprefix("#/").split("/"):
            assert step in node, reference
            node = node[step]


def test_every_contract_has_its_channel_and_message(made: dict[str, Any]) -> None:
    """Routing key, channel and message are one for each event type."""
    assert list(made["channels"]) == list(contracts()) == list(made["components"]["messages"])
    assert {name: channel["address"] for name, channel in made["channels"].items()} == {name: name for name in contracts()}


def test_operations_follow_the_traffic(made: dict[str, Any]) -> None:
    """What a service receives and sends is what it was said to."""
    operations = made["operations"]
    assert set(operations) == {
        "inspection.receive.lab.sample_tested",
        "inspection.receive.survey.answered",
        "inspection.send.inspection.verdict_reached",
        "reporting.send.reporting.report_issued",
        *(f"reporting.receive.{name}" for name in contracts()),
    }
    assert {one["action"] for name, one in operations.items() if ".receive." in name} == {"receive"}


@pytest.mark.parametrize("event_type", contracts())
def test_example_is_what_is_really_sent(made: dict[str, Any], event_type: str) -> None:
    """The example decodes, and the message's own schema accepts it."""
    message = made["components"]["messages"][event_type]
    example = message["examples"][0]["payload"]
    assert decode(json.dumps(example).encode(), edge=True).type == event_type
    validator = Draft7Validator({**message["payload"], "components": made["components"]})
    validator.validate(example)
    assert not validator.is_valid({**example, "type": "another.type"})
    assert not validator.is_valid({**example, "data": {}})


def test_same_input_gives_the_same_document() -> None:
    """The document is deterministic: the order of the traffic does not matter."""
    turned = {name: (list(reversed(receives)), sends) for name, (receives, sends) in reversed(TRAFFIC.items())}
    first, second = (json.dumps(document(traffic, version="1.2.3")) for traffic in (TRAFFIC, turned))
    assert first == second
