"""The published schemas as files, and what may still change in one.

``python -m tests.contract.frozen`` writes the file of a new contract or version and records additive changes; it
refuses to overwrite a published schema with one that breaks its readers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from shared.contracts.envelope import Contract
from shared.contracts.registry import contracts

SCHEMAS = Path(__file__).parent / "schemas"
_PROSE = {"title", "description", "discriminator"}
_COMPARED_OTHERWISE = {"properties", "required", "enum", "anyOf", "items", "$defs", "examples"}

_Json: TypeAlias = dict[str, Any]

HOW_TO_PUBLISH = """
Readers of the published version would break. Either make the change additive (a new field with a default), or publish a
new version: `@contract("{type}", version={next})`, a static method `upcast_v{version}_v{next}(payload)` on the class that
lifts an old payload, then `python -m tests.contract.frozen`."""


def path_of(contract: Contract) -> Path:
    """Return the file that freezes this version of ``contract``."""
    return SCHEMAS / f"{contract.event_type}.v{contract.version}.json"


def schema_of(contract: Contract) -> _Json:
    """Return the JSON Schema of the data as it is now, without prose: rewording a docstring changes nothing."""
    schema: _Json = _without_prose(msgspec.json.schema(contract.data))
    return schema


def _without_prose(node: Any, *, names: bool = False) -> Any:
    """Drop prose keywords; under ``properties`` and ``$defs`` the keys are names (``names``), never keywords."""
    if isinstance(node, dict):
        return {
            key: _without_prose(value, names=not names and key in {"properties", "$defs"})
            for key, value in sorted(node.items())
            if names or key not in _PROSE
        }
    if isinstance(node, list):
        return [_without_prose(one) for one in node]
    return node


def breaking_changes(old: _Json, new: _Json) -> list[str]:
    """Return what in ``new`` breaks a reader or a writer of ``old``, each with its place; empty when it only grew.

    Growing is: a field that need not be given, one more value of an enumeration, one more alternative of a union.
    Subscribers are deployed before publishers; one that still does not know a value parks the event, it loses nothing.
    """
    return _compare(old, new, old.get("$defs", {}), new.get("$defs", {}), "$")


def _compare(old: _Json, new: _Json, was: _Json, now: _Json, place: str) -> list[str]:
    """Compare two nodes; ``was`` and ``now`` are the definitions that their references lead to."""
    old, new = _resolved(old, was), _resolved(new, now)
    return [
        *_keywords(old, new, place),
        *_values(old, new, place),
        *_fields(old, new, was, now, place),
        *_alternatives(old, new, was, now, place),
    ]


def _keywords(old: _Json, new: _Json, place: str) -> Iterator[str]:
    for keyword in sorted((old.keys() | new.keys()) - _COMPARED_OTHERWISE):
        if old.get(keyword) != new.get(keyword):
            yield f"{place}: {keyword} was {old.get(keyword)!r}, is {new.get(keyword)!r}"
    if set(old.get("required", [])) != set(new.get("required", [])):
        yield f"{place}: required was {sorted(old.get('required', []))}, is {sorted(new.get('required', []))}"


def _values(old: _Json, new: _Json, place: str) -> Iterator[str]:
    if ("enum" in old) != ("enum" in new):
        yield f"{place}: became or is no longer an enumeration"
    elif lost := [value for value in old.get("enum", []) if value not in new["enum"]]:
        yield f"{place}: no longer takes {lost}"


def _fields(old: _Json, new: _Json, was: _Json, now: _Json, place: str) -> Iterator[str]:
    for name, schema in old.get("properties", {}).items():
        if name in new.get("properties", {}):
            yield from _compare(schema, new["properties"][name], was, now, f"{place}.{name}")
        else:
            yield f"{place}.{name}: is gone"
    if "items" in old or "items" in new:
        yield from _compare(old.get("items", {}), new.get("items", {}), was, now, f"{place}[]")


def _alternatives(old: _Json, new: _Json, was: _Json, now: _Json, place: str) -> Iterator[str]:
    if ("anyOf" in old) != ("anyOf" in new):
        yield f"{place}: became or is no longer a union"
    for one in old.get("anyOf", []):
        if all(_compare(one, other, was, now, place) for other in new.get("anyOf", [])):
            yield f"{place}: the alternative {one} changed or is gone"


def _resolved(schema: _Json, definitions: _Json) -> _Json:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    beside = {key: value for key, value in schema.items() if key not in {"$ref", "$defs"}}
    return {**definitions[reference.removeprefix("#/$defs/")], **beside}


def freeze(contract: Contract) -> bool:
    """Write the contract's file if it must change, and tell so; raise ``ValueError`` for a breaking change."""
    path, schema = path_of(contract), schema_of(contract)
    example = json.loads(msgspec.json.encode(contract.data.sample()))
    if path.exists():
        frozen = json.loads(path.read_text(encoding="utf-8"))
        example = frozen.pop("examples")[0]
        if frozen == schema:
            return False
        if breaks := breaking_changes(frozen, schema):
            advice = HOW_TO_PUBLISH.format(type=contract.event_type, version=contract.version, next=contract.version + 1)
            raise ValueError("\n".join([f"{contract.event_type}:", *breaks, advice]))
    text = json.dumps({**schema, "examples": [example]}, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
    return True


def main() -> int:
    """Freeze all contracts; return 1 when one of them breaks a published schema."""
    failed = 0
    for contract in contracts().values():
        try:
            if freeze(contract):
                sys.stdout.write(f"written: {path_of(contract).name}\n")
        except ValueError as error:
            sys.stderr.write(f"{error}\n")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
