"""What units report of themselves: standards, regulations, inspections, classes, quantity marks and awards.

The totals are those of the authority's review of 2022 and the year before it (496 standards, +27.5 %; 32 national and 31
local regulations, the latter +24 %), and of one province's plan (two inspections, five classes). They do not depend on the
size of the sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import partial
from random import Random
from typing import NamedTuple

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


def unit_of(province: str) -> str:
    """Return the id of a province's sub-department."""
    return f"SAMPLE-UNIT-{province}"


class _Work(NamedTuple):
    """``total`` of one activity in a year, reported by a unit in so many ``answers``; ``topics`` are taken in turn."""

    unit: str
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
    for work in (*_national(is_reviewed=is_reviewed), *_provincial(provinces, rng, is_reviewed=is_reviewed)):
        when = sorted(rng.choices(working, weights, k=work.answers))
        for number, (day, count) in enumerate(zip(when, _parts(work.total, work.answers), strict=True)):
            topics = work.topics[number % len(work.topics)]
            found.setdefault(day, []).append(partial(_answer, work, count, topics))
    return found


def _national(*, is_reviewed: bool) -> Iterator[_Work]:
    standards, regulations = (496, 32) if is_reviewed else (389, 29)
    yield _Work(NATIONAL, "", Activity.STANDARD_ISSUED, standards, 24)
    yield _Work(NATIONAL, "", Activity.NATIONAL_REGULATION_DRAFTED, regulations, regulations)


def _provincial(provinces: Iterable[str], rng: Random, *, is_reviewed: bool) -> Iterator[_Work]:
    codes = list(provinces)
    for province, regulations in zip(codes, _parts(31 if is_reviewed else 25, len(codes)), strict=True):
        unit = unit_of(province)
        inspections, classes = (2, 5) if province == HUE else (rng.randint(1, 4), rng.randint(2, 6))
        if not is_reviewed:
            classes -= 1
        marks = rng.randint(4, 24)
        if regulations:
            yield _Work(unit, province, Activity.LOCAL_REGULATION_DRAFTED, regulations, regulations)
        yield _Work(unit, province, Activity.INSPECTION, inspections, inspections, _TOPICS)
        yield _Work(unit, province, Activity.TRAINING_CLASS, classes, classes, (_FUEL,) if province == HUE else _TOPICS)
        yield _Work(unit, province, Activity.QUANTITY_MARK_DECLARATION, marks, 4, ((ProductGroup.PREPACKAGED,),))
        yield _Work(unit, province, Activity.QUALITY_AWARD_ROUND, 1, 1)


def _parts(total: int, parts: int) -> list[int]:
    """Divide ``total`` into whole parts as equal as they can be."""
    return [total * (number + 1) // parts - total * number // parts for number in range(parts)]


def _answer(
    work: _Work, count: int, topics: tuple[ProductGroup, ...], _rng: Random, at: datetime, number: str, _conforms: bool
) -> SurveyAnswered:
    return SurveyAnswered(
        observed_at=at,
        answer_id=number,
        unit=work.unit,
        activity=work.activity,
        unit_province=work.province,
        count=count,
        topics=list(topics),
    )
