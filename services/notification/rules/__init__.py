"""Who must be told of what: one decision per file; a new file here is a new rule, found by itself.

A file defines ``RULE``. The notice it issues is worded by ``templates/<kind>.j2``.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from services.notification.model import Rule
from shared.contracts.envelope import Data


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules in order of their kinds. Raises ``ValueError`` when two issue notices of the same kind."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        rule: Rule = import_module(f"{__name__}.{module.name}").RULE
        if rule.kind in found:
            raise ValueError(f"two rules issue notices of the kind {rule.kind}")
        found[rule.kind] = rule
    return tuple(found[kind] for kind in sorted(found))


def events_heard() -> tuple[type[Data], ...]:
    """Return the event types that some rule decides on."""
    return tuple(sorted({rule.listens_to for rule in rules()}, key=lambda data: data.type))
