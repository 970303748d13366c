"""What reporting counts: points that indicators read off events, and the cells they add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from shared.contracts.envelope import Contract, Data, Event
from shared.kernel.clock import HANOI


class Point(NamedTuple):
    """What one event adds to a figure: ``value`` under the finer ``kind``, empty where the figure has none."""

    kind: str = ""
    value: int = 1


Reading = Callable[[Event[Any]], Iterable[Point]]


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure of the reports: which events it reads and what each of them adds.

    ``name`` is stored and stands in addresses: never rename it.
    """

    name: str
    vi: str
    en: str
    reads: tuple[type[Data], ...]
    points: Reading

    @property
    def about(self) -> str:
        """What it counts, in one sentence."""
        return (self.points.__doc__ or "").strip()


def indicator(*reads: type[Data], vi: str, en: str) -> Callable[[Reading], Indicator]:
    """Make the decorated function an indicator of its own name; reading ``Data`` means every event of other services."""

    def declare(points: Reading) -> Indicator:
        return Indicator(name=points.__name__, vi=vi, en=en, reads=reads, points=points)

    return declare


Readers = Mapping[str, tuple[Indicator, ...]]


def readers_of(indicators: Iterable[Indicator], contracts: Iterable[Contract]) -> Readers:
    """Return the indicators that read each event type.

    Nobody reads what reporting itself publishes: a figure that counted its own reports would change by being reported.
    """
    known = tuple(indicators)
    return {
        one.event_type: tuple(each for each in known if issubclass(one.data, each.reads))
        for one in contracts
        if one.publisher != "reporting"
    }


class Entry(NamedTuple):
    """An event with what every figure files it under: its key, its legal day and its dimensions."""

    key: str
    day: date
    province: str
    product_group: str
    event: Event[Any]


def entry_of(event: Event[Any]) -> Entry:
    """File an event under the local day of its legal time."""
    data = event.data
    return Entry(event.key, local_day(data.observed_at), data.province, data.product_group, event)


def local_day(moment: datetime) -> date:
    """Return the day ``moment`` falls on in Viet Nam, where every legal day begins and ends."""
    return moment.astimezone(HANOI).date()


class EventPoint(NamedTuple):
    """One row of the finest grain: which event added what to which figure."""

    indicator: str
    day: date
    province: str
    product_group: str
    kind: str
    key: str


DIMENSIONS = ("province", "product_group", "kind")


def grain_of(unit: str, kept: Collection[str]) -> str:
    """Name the coarsest cells of one ``unit``, ``day`` or ``month``, that still tell the dimensions ``kept`` apart.

    Cells of every unit are summed up four times: with all dimensions, and with each of them alone, the other two empty.
    So most questions read some dozens of cells, however many events there are. The names are stored: never rename them.
    """
    return unit if len(kept) > 1 else f"{unit}/{next(iter(kept), 'kind')}"


class Cell(NamedTuple):
    """One cell of a roll-up; ``grain`` is what ``grain_of`` gives, and ``start`` the first day of its day or month."""

    indicator: str
    grain: str
    start: date
    province: str
    product_group: str
    kind: str


class Folded(NamedTuple):
    """What a batch adds: its points with the time each event was published, and the sums for the cells."""

    points: dict[EventPoint, tuple[int, datetime]]
    cells: dict[Cell, int]


def fold(entries: Iterable[Entry], readers: Readers) -> Folded:
    """Add up a batch; the result for several batches does not depend on their order or size."""
    points: dict[EventPoint, tuple[int, datetime]] = {}
    days: defaultdict[Cell, int] = defaultdict(int)
    for key, day, province, product_group, event in entries:
        for one in readers.get(event.type, ()):
            for kind, value in one.points(event):
                point = EventPoint(one.name, day, province, product_group, kind, key)
                # One event may add to one cell twice, for example for two breaches of one kind.
                points[point] = (value + points[point][0] if point in points else value, event.time)
                days[Cell(one.name, "day", day, province, product_group, kind)] += value
    return Folded(points, _rolled_up(days))


def _rolled_up(days: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return the cells of days and all coarser ones that they add up to."""
    cells: defaultdict[Cell, int] = defaultdict(int)
    for (name, _, day, province, product_group, kind), value in days.items():
        for unit, start in (("day", day), ("month", day.replace(day=1))):
            cells[Cell(name, unit, start, province, product_group, kind)] += value
            cells[Cell(name, f"{unit}/province", start, province, "", "")] += value
            cells[Cell(name, f"{unit}/product_group", start, "", product_group, "")] += value
            cells[Cell(name, f"{unit}/kind", start, "", "", kind)] += value
    return dict(cells)
