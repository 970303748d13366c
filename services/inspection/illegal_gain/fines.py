"""The fine for a measurement beyond its limits, by the illegal gain; dated.

NĐ 119/2017/NĐ-CP Art. 14 was read second hand: its bands, the day it took effect and later amendments are not verified, and
what it says of gains above the last band is not known. For prepackages (Arts 15, 16) no band is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class Fine(NamedTuple):
    """From ``least`` to ``most`` VND, where the gain is at most ``up_to`` VND."""

    up_to: int
    least: int
    most: int


class Fines(NamedTuple):
    """The bands from ``valid_from`` on."""

    valid_from: date
    source: str
    bands: Sequence[Fine]
    verified: bool = False


_MILLION = 1_000_000
VERSIONS: Sequence[Fines] = (
    Fines(
        date(2017, 12, 15),
        "NĐ 119/2017/NĐ-CP Điều 14",
        (
            Fine(10 * _MILLION, 5 * _MILLION, 10 * _MILLION),
            Fine(50 * _MILLION, 10 * _MILLION, 20 * _MILLION),
            Fine(100 * _MILLION, 20 * _MILLION, 40 * _MILLION),
        ),
    ),
)


def fines_on(day: date) -> Fines | None:
    """Return the bands in force on ``day``, nothing for a day before the first that are known."""
    return max((one for one in VERSIONS if one.valid_from <= day), key=lambda one: one.valid_from, default=None)


def fine_for(gain: int, fines: Fines) -> Fine | None:
    """Return the band of a gain, nothing above the last one."""
    return next((band for band in fines.bands if gain <= band.up_to), None)
