"""The everyday work of units: each step is recorded under its item type, whichever event tells of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from services.planning.item_types import item_types, steps_told_by
from services.planning.model.item_types import ItemType, Step
from services.planning.tables import work_done
from shared.contracts.envelope import Event
from shared.contracts.partners import WorkReported
from shared.contracts.planning import WorkRecorded
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert
from shared.kernel.deadlines import local_day
from shared.kernel.errors import Permanent


def record(events: Sequence[Event[Any]], uow: UnitOfWork) -> list[Event[Any]]:
    """Record the steps that a batch tells of, and return what that announces.

    Raises ``Permanent`` for an item type or a step that no file declares: it waits at the desk until one does.
    """
    recorded = [
        uow.emit(_recorded(one, step, event.data), cause=event, key=f"{one.name}/{step.name}")
        for event in events
        for one, step in _told(event)
    ]
    done: Counter[tuple[int, str, str, str, str]] = Counter()
    for event in recorded:
        data = event.data
        done[local_day(data.observed_at).year, data.item_type, data.unit, data.step, data.about] += data.count
    columns = [column.name for column in work_done.primary_key]
    upsert(
        uow.connection, work_done, [dict(zip(columns, key, strict=True)) | {"done": n} for key, n in done.items()], add=("done",)
    )
    return recorded


def _told(event: Event[Any]) -> Iterator[tuple[ItemType, Step]]:
    if event.type == WorkReported.type:
        yield _declared(event.data)
        return
    yield from ((one, step) for one, step in steps_told_by().get(event.type, ()) if step.is_told_by(event.data))


def _declared(data: WorkReported) -> tuple[ItemType, Step]:
    one = item_types().get(data.item_type)
    if one is None:
        raise Permanent(f"no item type {data.item_type!r}; known are {', '.join(item_types())}")
    own = {step.name: step for step in one.steps if step.event == WorkReported.type}
    if data.step not in own:
        raise Permanent(f"{one.name} has no step {data.step!r} that units report; it has {', '.join(own)}")
    return one, own[data.step]


def _recorded(one: ItemType, step: Step, data: Any) -> WorkRecorded:
    about = step.about or ("about" if step.event == WorkReported.type else "")
    return WorkRecorded(
        observed_at=data.observed_at,
        work_id=getattr(data, step.work_id),
        item_type=one.name,
        step=step.name,
        unit=data.unit,
        unit_province=data.unit_province,
        about=getattr(data, about) if about else "",
        count=getattr(data, "count", 1),
    )
