"""Bar charts as a list of lines, each with its bar as inline SVG: readable without colours, a script or a mouse.

Only the bars stretch with the page; words and numbers keep their size, also on a telephone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its label, its value, that of the year before, where it leads to, and all of this in words."""

    label: str
    value: int
    previous: int
    words: str
    link: str


def bars(drawn: Sequence[Bar], *, labelled_by: str, number: Callable[[int], str]) -> Markup:
    """Draw horizontal bars; a thin mark on each shows the year before. ``labelled_by`` is the id of the chart's heading."""
    largest = max((max(bar.value, bar.previous) for bar in drawn), default=0) or 1
    lines = Markup("").join(_line(bar, largest, number) for bar in drawn)
    return Markup('<ul class="bars" aria-labelledby="{}">{}</ul>').format(labelled_by, lines)


def _line(bar: Bar, largest: int, number: Callable[[int], str]) -> Markup:
    return Markup(
        '<li><a href="{link}" aria-label="{words}" title="{words}"><span class="label">{label}</span>'
        '<svg aria-hidden="true"><rect class="value" y="3" width="{length}%" height="14" rx="2"/>'
        '<rect class="before" x="{before}%" width="2" height="20"/></svg>'
        '<span class="number">{number}</span></a></li>'
    ).format(
        link=bar.link,
        words=bar.words,
        label=bar.label,
        length=_percent(bar.value, largest),
        before=_percent(bar.previous, largest),
        number=number(bar.value),
    )


def _percent(value: int, largest: int) -> str:
    """Return a length in tenths of a percent; what is above nothing is never drawn as nothing."""
    return f"{max(3, value * 1000 // largest) / 10:g}" if value > 0 else "0"
