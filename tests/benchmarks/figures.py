"""A figure measured in several rounds: its minimum, median and maximum."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any


def spread(values: Sequence[float]) -> dict[str, Any]:
    """Return the minimum, median and maximum of ``values``, and the values themselves in order of the rounds."""
    return {
        "min": _short(min(values)),
        "median": _short(statistics.median(values)),
        "max": _short(max(values)),
        "rounds": [_short(value) for value in values],
    }


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _short(value: float) -> float:
    """Four significant digits: more would only be noise."""
    return float(f"{value:.4g}")
