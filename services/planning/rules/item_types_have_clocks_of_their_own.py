"""The time limits that the files of item types declare."""

from __future__ import annotations

from services.planning.item_types import item_types

CLOCKS = tuple(rule for one in item_types().values() for rule in one.clock_rules())
