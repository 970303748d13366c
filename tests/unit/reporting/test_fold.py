"""Folding: what a set of events adds up to does not depend on order or batches."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.indicators import readers
from services.reporting.model import DIMENSIONS, Cell, Point, entry_of, fold, grain_of, indicator, readers_of
from shared.contracts.envelope import Event
from shared.contracts.inspection import VerdictReached
from shared.contracts.registry import contracts
from tests.unit.reporting.made_up import event_of, made_up_events


def folded(events: list[Event[Any]], sizes: Iterable[int]) -> tuple[Counter[Cell], dict[Any, Any]]:
    """Fold ``events`` in batches of the given sizes, the rest in one."""
    cells: Counter[Cell] = Counter()
    points: dict[Any, Any] = {}
    rest = events
    for size in [*sizes, len(events)]:
        batch, rest = rest[:size], rest[size:]
        found = fold(map(entry_of, batch), readers())
        cells.update(found.cells)
        points.update(found.points)
    return cells, points


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.lists(st.integers(1, 40), max_size=10))
def test_order_and_batches_do_not_matter(seed: int, sizes: list[int]) -> None:
    """Any order and any batches give the same cells and the same points."""
    events = made_up_events(120, seed=7)
    shuffled = random.Random(seed).sample(events, len(events))
    assert folded(shuffled, sizes) == folded(events, [])


@pytest.mark.parametrize("unit", ["day", "month"])
@pytest.mark.parametrize("kept", [{"province"}, {"product_group"}, {"kind"}, {*DIMENSIONS}])
def test_cells_of_every_grain_add_up_to_the_points(unit: str, kept: set[str]) -> None:
    """The cells of a grain hold what the points hold, with the dimensions it keeps and the others empty."""
    cells, points = folded(made_up_events(500), [])
    expected: Counter[Cell] = Counter()
    for point, (value, _) in points.items():
        start = point.day if unit == "day" else point.day.replace(day=1)
        left = {name: getattr(point, name) if name in kept else "" for name in DIMENSIONS}
        expected[Cell(point.indicator, grain_of(unit, kept), start, **left)] += value
    assert {cell: value for cell, value in cells.items() if cell.grain == grain_of(unit, kept)} == expected
    assert expected.total() > 500


def test_two_points_of_one_event_in_one_cell_add_up() -> None:
    """An indicator may say the same kind twice of one event; the event stands once behind the figure, with both."""

    @indicator(VerdictReached, vi="thử", en="trial")
    def twice(_event: Event[VerdictReached]) -> Iterable[Point]:
        """Count each verdict as two and three."""
        return (Point("a", 2), Point("a", 3), Point("b", 1))

    event = event_of(VerdictReached.sample(), "1", VerdictReached.sample().observed_at + timedelta(hours=1))
    found = fold([entry_of(event)], readers_of([twice], contracts().values()))
    assert {point.kind: value for point, value in found.points.items()} == {"a": (5, event.time), "b": (1, event.time)}
    with_kind = [cell for cell in found.cells if cell.grain in {"day", "month"}]
    assert sorted((cell.grain, cell.kind, found.cells[cell]) for cell in with_kind) == [
        ("day", "a", 5),
        ("day", "b", 1),
        ("month", "a", 5),
        ("month", "b", 1),
    ]
