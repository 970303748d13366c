"""The figures of the reports, one file each; a new file here is a new report, found by itself."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from services.reporting.model import Indicator, Readers, readers_of
from shared.contracts.registry import contracts


@cache
def indicators() -> Mapping[str, Indicator]:
    """Return all indicators by name, in order of their names.

    Raises ``ValueError`` for a file that does not declare exactly one indicator of its own name.
    """
    found: dict[str, Indicator] = {}
    for module in pkgutil.iter_modules(__path__):
        declared = [one for one in vars(import_module(f"{__name__}.{module.name}")).values() if isinstance(one, Indicator)]
        if [one.name for one in declared] != [module.name]:
            raise ValueError(f"indicators/{module.name}.py must declare one @indicator function called {module.name}")
        found[module.name] = declared[0]
    return dict(sorted(found.items()))


@cache
def readers() -> Readers:
    """Return the indicators that read each event type, worked out once."""
    return readers_of(indicators().values(), contracts().values())
