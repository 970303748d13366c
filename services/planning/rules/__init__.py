"""The decisions of planning, one file each. A file that declares ``CLOCKS`` adds statutory clocks, found by itself."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from itertools import combinations

from services.planning.model.clocks import ClockRule


@cache
def clock_rules() -> tuple[ClockRule, ...]:
    """Return the rules of all statutory clocks; raise ``ValueError`` when an act would start one duty's clock twice."""
    modules = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found: list[ClockRule] = [rule for name in modules for rule in getattr(import_module(f"{__name__}.{name}"), "CLOCKS", ())]
    for one, other in combinations(found, 2):
        at_once = one.valid_from <= other.valid_to and other.valid_from <= one.valid_to
        if one.duty == other.duty and at_once and {*one.started_by} & {*other.started_by}:
            raise ValueError(f"two clocks are called {one.duty!r} and start with the same act")
    return tuple(found)


@cache
def duty_in_words(duty: str, source: str) -> tuple[str, str]:
    """Return a duty in Vietnamese and English as its rule has it; both empty for one that has no rule any more."""
    return next(((rule.vi, rule.en) for rule in clock_rules() if (rule.duty, rule.source) == (duty, source)), ("", ""))
