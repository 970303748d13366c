"""The decisions of the inspection service, one a file, each file named by the sentence it decides.

A file with a function decorated by ``@judges`` is found by itself; the others are called by name.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from services.inspection.judging import Rule, Rulebook


@cache
def rulebook() -> Rulebook:
    """Return every judging rule that has a file (or a folder) here."""
    named = (getattr(import_module(f"{__name__}.{found.name}"), found.name, None) for found in pkgutil.iter_modules(__path__))
    return Rulebook(rule for rule in named if isinstance(rule, Rule))
