"""Plan items advance by themselves: an event that counts adds to every item that asks for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from services.planning.rules.activities_count_towards_items import (
    COUNTED,
    Activity,
    Wanted,
    activity_of,
    amount_of,
    is_counted,
    most_telling,
)
from services.planning.tables import activities, plan_items, progress
from shared.contracts.envelope import Event
from shared.contracts.planning import ItemProgressed
from shared.database.unit_of_work import UnitOfWork
from shared.database.upsert import upsert

_read_wanted = msgspec.json.Decoder(dict[str, frozenset[str]]).decode
_read_facts = msgspec.json.Decoder(dict[str, tuple[str, ...]]).decode


class Goal(NamedTuple):
    """A plan item as far as advancing it goes."""

    plan_id: str
    item_id: str
    year: int
    event_type: str
    unit: str
    unit_province: str
    title: str
    target: int
    wanted: Wanted

    @property
    def key(self) -> tuple[str, str]:
        """What identifies the item among those of all plans."""
        return self.plan_id, self.item_id

    def takes(self, activity: Activity) -> bool:
        """Tell whether an activity counts towards the item."""
        same = (self.event_type, self.year) == (activity.event_type, activity.year)
        return same and is_counted(self.wanted, activity.facts)

    def progressed(self, *, done: int, added: int, observed_at: Any) -> ItemProgressed:
        """Return the event that tells of ``added``, after which ``done`` are done."""
        return ItemProgressed(
            observed_at=observed_at,
            plan_id=self.plan_id,
            item_id=self.item_id,
            unit=self.unit,
            unit_province=self.unit_province,
            title=self.title,
            target=self.target,
            done=done,
            added=added,
        )


def advance(events: Sequence[Event[Any]], uow: UnitOfWork) -> None:
    """Add up a batch of events, and advance the items that count them.

    Each event that counts is told of for itself, in order of arrival, so that the size of a batch cannot be seen.
    """
    counted = [(event, activity_of(event)) for event in events if event.type in COUNTED]
    if not counted:
        return
    _add_up(uow.connection, counted)
    taken_by = _taken_by(uow.connection, {activity for _, activity in counted})
    steps = [(event, goal) for event, activity in counted for goal in taken_by.get(activity, ())]
    if steps:
        _tell(steps, uow)


def _add_up(connection: sa.Connection, counted: Sequence[tuple[Event[Any], Activity]]) -> None:
    total: Counter[Activity] = Counter()
    for event, activity in counted:
        total[activity] += amount_of(event.data)
    rows = [
        {"event_type": one.event_type, "year": one.year, "month": one.month, "facts": written(one), "done": done}
        for one, done in total.items()
    ]
    upsert(connection, activities, rows, add=("done",))


def written(activity: Activity) -> str:
    """Return the attributes of an activity as they are stored: the same attributes give the same text."""
    return msgspec.json.encode(dict(activity.facts)).decode()


def read_activity(row: Any) -> Activity:
    """Return the activity a row of ``activities`` holds."""
    return Activity(row.event_type, row.year, row.month, tuple(_read_facts(row.facts).items()))


def _taken_by(connection: sa.Connection, happened: Collection[Activity]) -> dict[Activity, list[Goal]]:
    """Return the items that each activity counts towards, activities that advance nothing left out."""
    found = sa.select(plan_items).where(
        plan_items.c.event_type.in_({one.event_type for one in happened}), plan_items.c.year.in_({one.year for one in happened})
    )
    # Each item stands under the values of one attribute only, so that an activity meets few of the country's items.
    asking: defaultdict[tuple[str, str, str], list[Goal]] = defaultdict(list)
    for goal in map(goal_of, connection.execute(found)):
        name = most_telling(goal.event_type, goal.wanted)
        for value in goal.wanted.get(name, ("",)):
            asking[goal.event_type, name, value].append(goal)
    taken: dict[Activity, list[Goal]] = {}
    for activity in happened if asking else ():
        known = [(name, value) for name, values in activity.facts for value in values]
        near = [goal for name, value in [("", ""), *known] for goal in asking.get((activity.event_type, name, value), ())]
        if goals := {goal.key: goal for goal in near if goal.takes(activity)}:
            taken[activity] = [goals[key] for key in sorted(goals)]
    return taken


def goal_of(row: Any) -> Goal:
    """Return the goal a row of ``plan_items`` holds."""
    return Goal(
        row.plan_id,
        row.item_id,
        row.year,
        row.event_type,
        row.unit,
        row.unit_province,
        row.title,
        row.target,
        _read_wanted(row.counts),
    )


def _tell(steps: Sequence[tuple[Event[Any], Goal]], uow: UnitOfWork) -> None:
    added: Counter[tuple[str, str]] = Counter()
    for event, goal in steps:
        added[goal.key] += amount_of(event.data)
    rows = [{"plan_id": plan_id, "item_id": item_id, "done": number} for (plan_id, item_id), number in added.items()]
    upsert(uow.connection, progress, rows, add=("done",))
    # Read after writing: the row is locked now, so two batches at once cannot tell of the same step.
    done = {key: total - added[key] for key, total in _done(uow.connection, {goal.plan_id for _, goal in steps}).items()}
    for event, goal in steps:
        amount = amount_of(event.data)
        done[goal.key] += amount
        data = goal.progressed(done=done[goal.key], added=amount, observed_at=event.data.observed_at)
        uow.emit(data, cause=event, key=goal.item_id)


def _done(connection: sa.Connection, plan_ids: Collection[str]) -> dict[tuple[str, str], int]:
    found = sa.select(progress).where(progress.c.plan_id.in_(plan_ids))
    return {(row.plan_id, row.item_id): row.done for row in connection.execute(found)}
