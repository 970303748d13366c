"""The item types, one TOML file each; a new file here is a new type, found by itself."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from services.planning.model.item_types import ItemType, Step, item_type_from


@cache
def item_types() -> Mapping[str, ItemType]:
    """Return all item types by name. Raises ``msgspec.ValidationError`` for a file that is not one."""
    found = sorted(Path(__file__).parent.glob("*.toml"))
    read = (item_type_from(file.stem, tomllib.loads(file.read_text(encoding="utf-8"))) for file in found)
    return {one.name: one for one in read}


@cache
def steps_told_by() -> Mapping[str, tuple[tuple[ItemType, Step], ...]]:
    """Return, for each event type, the steps of item types it may tell of."""
    found: defaultdict[str, list[tuple[ItemType, Step]]] = defaultdict(list)
    for one in item_types().values():
        for step in one.steps:
            found[step.event].append((one, step))
    return {event_type: tuple(steps) for event_type, steps in found.items()}
