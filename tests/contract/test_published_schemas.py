"""What was published stays readable: the frozen schemas, and the comparison that guards them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.contracts.codec import decode
from shared.contracts.envelope import Contract, upcaster
from shared.contracts.registry import contracts
from tests.contract.frozen import HOW_TO_PUBLISH, SCHEMAS, breaking_changes, path_of, schema_of

PUBLISHED = list(contracts().values())
FILES = sorted(SCHEMAS.glob("*.json"))


def _read(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _version(path: Path) -> tuple[str, int]:
    event_type, _, version = path.stem.rpartition(".v")
    return event_type, int(version)


@pytest.mark.parametrize("contract", PUBLISHED, ids=lambda one: one.event_type)
def test_every_contract_is_frozen(contract: Contract) -> None:
    """A new contract or version has its file, and additive changes are recorded in it."""
    path = path_of(contract)
    assert path.exists(), f"{contract.event_type} has no frozen schema: run `python -m tests.contract.frozen`"
    frozen = _read(path)
    frozen.pop("examples")
    breaks = breaking_changes(frozen, schema_of(contract))
    assert not breaks, "\n".join([*breaks, _advice(contract)])
    assert frozen == schema_of(contract), "an additive change: record it with `python -m tests.contract.frozen`"


def _advice(contract: Contract) -> str:
    return HOW_TO_PUBLISH.format(type=contract.event_type, version=contract.version, next=contract.version + 1)


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.stem)
def test_every_published_version_stays_readable(path: Path) -> None:
    """The example frozen with a version is still decoded, through the upcasts if it is an old one."""
    event_type, version = _version(path)
    example = _read(path)["examples"][0]
    envelope = {
        "specversion": "1.0",
        "id": "SAMPLE-1",
        "source": "/sample",
        "type": event_type,
        "time": example["observed_at"],
        "dataversion": version,
        "data": example,
    }
    event = decode(json.dumps(envelope).encode())
    assert event.dataversion == contracts()[event_type].version
    for old in range(version, event.dataversion):
        assert upcaster(type(event.data), old) is not None, f"{event_type} has no upcast from version {old}"


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.stem)
def test_frozen_example_keeps_its_own_schema(path: Path) -> None:
    """Outsiders who validate with the published file accept the published example."""
    schema = _read(path)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(schema["examples"][0])


def _add_optional(schema: dict[str, Any]) -> None:
    schema["properties"]["remark"] = {"type": "string", "default": ""}


def _add_value(schema: dict[str, Any]) -> None:
    schema["$defs"]["Group"]["enum"].append("firework")


def _add_alternative(schema: dict[str, Any]) -> None:
    schema["properties"]["finding"]["anyOf"].append({"type": "integer"})


def _add_required(schema: dict[str, Any]) -> None:
    schema["properties"]["remark"] = {"type": "string"}
    schema["required"].append("remark")


def _remove_field(schema: dict[str, Any]) -> None:
    del schema["properties"]["note"]


def _rename_nested(schema: dict[str, Any]) -> None:
    fields = schema["$defs"]["Site"]["properties"]
    fields["code"] = fields.pop("id")


def _tighten(schema: dict[str, Any]) -> None:
    schema["properties"]["note"]["maxLength"] = 5


def _change_type(schema: dict[str, Any]) -> None:
    schema["properties"]["items"]["items"] = {"type": "integer"}


def _remove_value(schema: dict[str, Any]) -> None:
    schema["$defs"]["Group"]["enum"].remove("toy")


def _limit_values(schema: dict[str, Any]) -> None:
    schema["properties"]["note"]["enum"] = ["a"]


def _remove_alternative(schema: dict[str, Any]) -> None:
    del schema["properties"]["finding"]["anyOf"][0]


def _no_longer_required(schema: dict[str, Any]) -> None:
    schema["required"].remove("site")


def _no_longer_a_union(schema: dict[str, Any]) -> None:
    schema["properties"]["finding"] = {"type": "string"}


def _other_default(schema: dict[str, Any]) -> None:
    schema["properties"]["note"]["default"] = "none"


@pytest.fixture
def schema() -> dict[str, Any]:
    """Return a small schema with every construct that contracts use."""
    return {
        "$ref": "#/$defs/Fact",
        "type": "object",
        "properties": {
            "site": {"$ref": "#/$defs/Site"},
            "group": {"$ref": "#/$defs/Group"},
            "note": {"type": "string", "maxLength": 10, "default": ""},
            "items": {"type": "array", "items": {"type": "string"}},
            "finding": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Site"}]},
        },
        "required": ["site"],
        "$defs": {
            "Fact": {"type": "object"},
            "Site": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
            "Group": {"enum": ["toy", "helmet"]},
        },
    }


@pytest.mark.parametrize("change", [_add_optional, _add_value, _add_alternative])
def test_a_schema_may_grow(schema: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    """Additive changes break nobody."""
    new = copy.deepcopy(schema)
    change(new)
    assert new != schema
    assert breaking_changes(schema, new) == []


@pytest.mark.parametrize(
    "change",
    [
        _add_required,
        _remove_field,
        _rename_nested,
        _tighten,
        _change_type,
        _remove_value,
        _limit_values,
        _remove_alternative,
        _no_longer_required,
        _no_longer_a_union,
        _other_default,
    ],
)
def test_every_other_change_is_noticed(schema: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    """Whatever would break a reader or a writer of the published schema is named with its place."""
    new = copy.deepcopy(schema)
    change(new)
    breaks = breaking_changes(schema, new)
    assert breaks
    assert all(one.startswith("$") for one in breaks)
