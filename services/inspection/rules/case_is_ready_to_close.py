"""A case is remedied when every violation in it was followed by a conforming verdict on the same."""

from __future__ import annotations

from collections.abc import Iterable

from services.inspection.model import Matter


def is_ready_to_close(matters: Iterable[Matter]) -> bool:
    """Tell whether each matter conforms at a later legal time than it was violated; equal times prove nothing."""
    return all(matter.conformed_at is not None and matter.conformed_at > matter.violated_at for matter in matters)
