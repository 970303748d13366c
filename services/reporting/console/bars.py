"""Bar charts as inline SVG: readable without colours, a script or a mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH, _ROW, _LABELS, _NUMBERS = 640, 26, 200, 70
_SCALE = _WIDTH - _LABELS - _NUMBERS


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
    lines = Markup("").join(_line(bar, index, largest, number) for index, bar in enumerate(drawn))
    return Markup('<svg class="bars" viewBox="0 0 {} {}" role="list" aria-labelledby="{}">{}</svg>').format(
        _WIDTH, len(drawn) * _ROW, labelled_by, lines
    )


def _line(bar: Bar, index: int, largest: int, number: Callable[[int], str]) -> Markup:
    top = index * _ROW
    length = _length(bar.value, largest)
    drawing = Markup(
        "<title>{words}</title>"
        '<text class="label" x="{label_x}" y="{base}" text-anchor="end">{label}</text>'
        '<rect class="value" x="{left}" y="{bar_y}" width="{length}" height="14" rx="2"/>'
        '<rect class="before" x="{before_x}" y="{mark_y}" width="2" height="20"/>'
        '<text class="number" x="{number_x}" y="{base}" text-anchor="end">{number}</text>'
    ).format(
        words=bar.words,
        label=bar.label,
        number=number(bar.value),
        left=_LABELS,
        label_x=_LABELS - 8,
        before_x=_LABELS + _length(bar.previous, largest),
        number_x=_WIDTH,
        length=length,
        base=top + 18,
        bar_y=top + 6,
        mark_y=top + 3,
    )
    return Markup('<g role="listitem"><a href="{}" aria-label="{}">{}</a></g>').format(bar.link, bar.words, drawing)


def _length(value: int, largest: int) -> int:
    """Return a length in whole units; what is above nothing is never drawn as nothing."""
    return max(1, value * _SCALE // largest) if value > 0 else 0
