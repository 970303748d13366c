"""Plan files: YAML or JSON bytes to a plan, with errors that name the place."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import msgspec
import yaml

from services.planning.model.plans import YearPlan, plan_from
from shared.contracts.strict_json import check_json
from shared.kernel.errors import InvalidInput, Refused
from shared.kernel.wellformed import told

MAX_BYTES = 1024 * 1024


def read_plan(raw: bytes) -> YearPlan:
    """Return the plan that ``raw`` holds, a JSON object or YAML.

    Raises ``InvalidInput`` with the JSON pointer of what is wrong, or the line where it is no YAML at all.
    """
    if len(raw) > MAX_BYTES:
        raise InvalidInput(f"the plan has {len(raw)} bytes; at most {MAX_BYTES} are accepted")
    document = _json(raw) if raw.lstrip().startswith(b"{") else _yaml(raw)
    try:
        return plan_from(document)
    except msgspec.ValidationError as error:
        raise InvalidInput(*told(error)) from error


def _json(raw: bytes) -> Any:
    try:
        check_json(raw)
    except Refused as error:
        raise InvalidInput(error.detail, error.pointer) from error
    return msgspec.json.decode(raw)


def _yaml(raw: bytes) -> Any:
    try:
        return yaml.load(raw, Loader=_StrictLoader)  # noqa: S506 - built on SafeLoader: makes plain values only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise InvalidInput(f"{where}{error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidInput(f"this is no YAML: {error}") from error
    except RecursionError as error:
        raise InvalidInput("nested too deep") from error


class _StrictLoader(yaml.SafeLoader):
    """YAML without its traps: a key that stands twice, and aliases that make a small file huge."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases (*) are not accepted", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {name[:120]!r} stands twice", problem_mark=key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)
