"""The everyday work of units, beside that of the year before, and the shares that must be reached."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from services.planning.item_types import item_types
from services.planning.model.item_types import ItemType
from services.planning.tables import work_done

Row = dict[str, Any]


def types() -> list[Row]:
    """Return the item types: their steps with the events that tell of them, their duties and the share that must be reached."""
    return [
        {
            "item_type": one.name,
            "vi": one.vi,
            "en": one.en,
            "source": one.source,
            "steps": [{"step": step.name, "vi": step.vi, "en": step.en, "event": step.event} for step in one.steps],
            "duties": sorted([*one.duties, *(clock.duty for clock in one.clocks)]),
            "share": one.share,
        }
        for one in item_types().values()
    ]


def work(connection: sa.Connection, year: int, *, unit: str = "") -> list[Row]:
    """Return what units did in ``year`` by item type, unit and step, with the year before and the shares reached.

    A share counts those the work was about once, however often they were visited.
    """
    found = sa.select(work_done).where(work_done.c.year.in_((year, year - 1)))
    if unit:
        found = found.where(work_done.c.unit == unit)
    done: defaultdict[tuple[str, str], Counter[tuple[int, str]]] = defaultdict(Counter)
    seen: defaultdict[tuple[str, str], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in connection.execute(found):
        done[row.item_type, row.unit][row.year, row.step] += row.done
        if row.year == year and row.about:
            seen[row.item_type, row.unit][row.step].add(row.about)
    return [
        {
            "item_type": name,
            "unit": who,
            "steps": _steps(item_types()[name], done[name, who], year),
            "share": _share(item_types()[name], seen[name, who]),
        }
        for name, who in sorted(done)
        if name in item_types()
    ]


def _steps(one: ItemType, done: Mapping[tuple[int, str], int], year: int) -> list[Row]:
    counted = ((step, done.get((year, step.name), 0), done.get((year - 1, step.name), 0)) for step in one.steps)
    return [
        {"step": step.name, "vi": step.vi, "en": step.en, "done": now, "year_before": before, "change": now - before}
        for step, now, before in counted
        if now or before
    ]


def _share(one: ItemType, seen: Mapping[str, Collection[str]]) -> Row | None:
    if one.share is None:
        return None
    among = {about for step in one.share.among for about in seen.get(step, ())}
    of = {about for step in one.share.of for about in seen.get(step, ())} & among
    needed = one.share.needed(len(among))
    return {"of": len(of), "among": len(among), "needed": needed, "reached": len(of) >= needed, "source": one.share.source}
