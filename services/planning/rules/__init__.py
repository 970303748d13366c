"""The decisions of planning, one file each. A file that declares ``CLOCKS`` adds statutory clocks, found by itself."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from services.planning.model.clocks import ClockRule


@cache
def clock_rules() -> tuple[ClockRule, ...]:
    """Return the rules of all statutory clocks; raise ``ValueError`` when two give one duty to one track."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found: list[ClockRule] = [rule for name in modules for rule in getattr(import_module(f"{__name__}.{name}"), "CLOCKS", ())]
    taken: set[tuple[str, str]] = set()
    for rule in found:
        for track in rule.tracks:
            if (rule.duty, track) in taken:
                raise ValueError(f"two clocks are called {rule.duty!r} on the track {track!r}")
            taken.add((rule.duty, track))
    return tuple(found)
