"""A plan is carried out by units that are there: responsible and cooperating ones are checked against the organisation."""

from __future__ import annotations

from collections.abc import Iterator

from services.planning.model.plans import YearPlan
from shared.organisation import Organisation

Named = tuple[str, str]


def objections(plan: YearPlan, organisation: Organisation) -> Iterator[tuple[str, str]]:
    """Yield the place of each unit that does not stand on the day the plan was approved, and what to do about it.

    The sample organisation does not know an authority's own units, so only what it does know is held against a plan.
    """
    day = plan.approved_on
    for pointer, code in _named(plan):
        if organisation.find(code, day) is not None:
            continue
        terms = organisation.terms(code)
        if terms and terms[-1].last < day:
            into = f"; its duties are those of {terms[-1].into}" if terms[-1].into else ""
            yield pointer, f"unit {code} ended on {terms[-1].last}, before the plan was approved on {day}{into}"
        elif terms:
            yield pointer, f"unit {code} begins on {terms[0].first}, after the plan was approved on {day}"
        elif not organisation.is_sample:
            yield pointer, f"unit {code} is not in the organisation: correct it, or add it to the file CHUAN_ORGANISATION names"


def _named(plan: YearPlan) -> Iterator[Named]:
    yield "/unit", plan.unit
    for number, task in enumerate(plan.key_tasks):
        for place, work in (("", task), *((f"/items/{index}", item) for index, item in enumerate(task.items))):
            pointer = f"/key_tasks/{number}{place}"
            if work.lead:
                yield f"{pointer}/lead", work.lead
            yield from ((f"{pointer}/cooperating/{index}", code) for index, code in enumerate(work.cooperating))
