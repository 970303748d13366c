"""What units report of themselves: inspections, classes, quantity marks and awards.

One province's totals are those of its plan: two inspections, five classes. They do not depend on the size of the sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from random import Random
from typing import NamedTuple

from services.cli.sample_year.places import part_of, unit_of
from services.cli.sample_year.season import Days
from services.cli.sample_year.subject import Look
from shared.contracts.partners import Activity, SurveyAnswered
from shared.contracts.vocabulary import ProductGroup

NATIONAL = "SAMPLE-UNIT-NATIONAL"
HUE = "46"

_FUEL = (ProductGroup.PETROL, ProductGroup.LPG)
_TOPICS = (
    _FUEL,
    (ProductGroup.FUEL_DISPENSER, ProductGroup.SCALE),
    (ProductGroup.PREPACKAGED,),
    (ProductGroup.HELMET, ProductGroup.TOY),
    (ProductGroup.ELECTRICAL,),
    (ProductGroup.STEEL,),
)


class _Work(NamedTuple):
    """``total`` of one activity in a year, reported in so many ``answers`` from ``province``; ``topics`` are taken in turn."""

    province: str
    activity: Activity
    total: int
    answers: int
    topics: tuple[tuple[ProductGroup, ...], ...] = ((),)


def activities(days: Days, year: int, *, is_reviewed: bool, provinces: Iterable[str], rng: Random) -> dict[date, list[Look]]:
    """Return what is answered on which day of ``year``; ``is_reviewed`` is the year of the review, not the one before."""
    working = [day for day in days.all if day.year == year and days.is_working(day)]
    weights = [day.month for day in working]  # every office finishes its year's work towards December
    found: dict[date, list[Look]] = {}
    for work in _provincial(provinces, rng, is_reviewed=is_reviewed):
        when = sorted(rng.choices(working, weights, k=work.answers))
        for number, (day, count) in enumerate(zip(when, parts(work.total, work.answers), strict=True)):
            topics = work.topics[number % len(work.topics)]
            found.setdefault(day, []).append(partial(_answer, work, count, topics))
    return found


def _provincial(provinces: Iterable[str], rng: Random, *, is_reviewed: bool) -> Iterator[_Work]:
    for province in provinces:
        inspections, classes = (2, 5) if province == HUE else (rng.randint(1, 4), rng.randint(2, 6))
        if not is_reviewed:
            classes -= 1
        marks = rng.randint(4, 24)
        yield _Work(province, Activity.INSPECTION, inspections, inspections, _TOPICS)
        yield _Work(province, Activity.TRAINING_CLASS, classes, classes, (_FUEL,) if province == HUE else _TOPICS)
        yield _Work(province, Activity.QUANTITY_MARK_DECLARATION, marks, 4, ((ProductGroup.PREPACKAGED,),))
        yield _Work(province, Activity.QUALITY_AWARD_ROUND, 1, 1)


def parts(total: int, parts: int) -> list[int]:
    """Divide ``total`` into whole parts as equal as they can be."""
    return [total * (number + 1) // parts - total * number // parts for number in range(parts)]


def _answer(
    work: _Work, count: int, topics: tuple[ProductGroup, ...], _rng: Random, at: datetime, number: str, _conforms: bool
) -> SurveyAnswered:
    province = part_of(work.province, int(number.rpartition("-")[2]))
    return SurveyAnswered(
        observed_at=at,
        answer_id=number,
        unit=unit_of(province),
        activity=work.activity,
        unit_province=province,
        count=count,
        topics=list(topics),
    )
