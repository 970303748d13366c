"""Every contract of the published language, found by itself."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from shared.contracts import envelope
from shared.contracts.envelope import Contract, Data, Event
from shared.kernel.ids import derived_id


def contracts() -> dict[str, Contract]:
    """Return all contracts by type; a new file beside this one is found without being named anywhere."""
    package = import_module("shared.contracts")
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"shared.contracts.{module.name}")
    return dict(sorted(envelope.CONTRACTS.items()))


def sample_events(published: Contract) -> Iterator[Event[Data]]:
    """Yield a valid event of each shape that a contract has, as the documentation shows them."""
    for number, data in enumerate(published.data.samples(), start=1):
        yield Event(
            id=derived_id("sample", published.event_type, *([] if number == 1 else [str(number)])),
            source=f"/sample/{published.publisher}",
            type=published.event_type,
            subject=data.order_key(),
            time=data.observed_at,
            data=data,
            dataversion=published.version,
        )
