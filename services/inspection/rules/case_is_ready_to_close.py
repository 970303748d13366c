"""A case is remedied when every parameter breached in it was found kept later; what did not test it says nothing of it."""

from __future__ import annotations

from collections.abc import Iterable

from services.inspection.model.cases import Matter


def is_ready_to_close(matters: Iterable[Matter]) -> bool:
    """Tell whether each matter is remedied."""
    return all(is_remedied(matter) for matter in matters)


def is_remedied(matter: Matter) -> bool:
    """Tell whether a matter conforms at a later legal time than it was violated; equal times prove nothing."""
    return matter.conformed_at is not None and matter.conformed_at > matter.violated_at
